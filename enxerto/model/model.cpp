#include "enxerto/model/model.h"

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "enxerto/model/state.h"

namespace enxerto {

namespace {

/// Four pictures of 224 px, or as many pixels of smaller ones: fastest on a processor, and little memory.
std::size_t batch_for(int size) {
  const auto pixels = static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  return std::clamp<std::size_t>(4 * 224 * 224 / std::max<std::size_t>(pixels, 1), 1, 32);
}

bool trained_in_bf16(const Bundle& bundle) {
  return bundle.precision.is_object() && bundle.precision.value("prefix", Json()) == "bf16";
}

}  // namespace

Model::State::State(Bundle saved, const ModelOptions& options)
    : bundle(std::move(saved)), task(task_of(bundle)) {
  BatchRunner::Options run{
      .threads = options.threads, .precision = Precision::fp32, .batch = batch_for(bundle.preprocess.size)};
  const std::string cut = precision_cut(bundle);
  const bool halved =
      options.precision == ModelPrecision::as_trained && trained_in_bf16(bundle) && has_bf16() && cut != "all";
  if (!halved) {
    first.emplace(bundle.graph, run);
    return;
  }
  Halves halves = cut_at_frontier(bundle.graph, cut);
  second.emplace(std::move(halves.suffix), run);
  run.precision = Precision::bf16;
  first.emplace(std::move(halves.prefix), run);
}

Tensor Model::State::run(const Tensor& batch) {
  Tensor values = first->run(batch);
  return second ? second->run(values) : values;
}

Tensor Model::State::run_batch(const Tensor& batch) {
  Tensor values = first->run_batch(batch);
  return second ? second->run_batch(values) : values;
}

Model Model::load(const std::filesystem::path& path, const ModelOptions& options) {
  return Model(read_bundle(path), options);
}

Model::Model(Bundle bundle, const ModelOptions& options)
    : state_(std::make_shared<State>(std::move(bundle), options)) {}

const Bundle& Model::bundle() const { return state_->bundle; }

const std::vector<std::string>& Model::labels() const { return state_->bundle.labels; }

const ImagePreprocess& Model::preprocess() const { return state_->bundle.preprocess; }

const Task& Model::task() const { return *state_->task; }

std::vector<std::vector<Prediction>> Model::predict(std::span<const Image> images,
                                                    const ReadingOptions& reading) const {
  if (images.empty()) return {};
  const std::int64_t side = preprocess().size;
  TensorBuffer batch(DType::f32, {static_cast<std::int64_t>(images.size()), 3, side, side});
  const std::span<float> values = batch.as<float>();
  const std::size_t stride = values.size() / images.size();
  for (std::size_t i = 0; i < images.size(); ++i) {
    preprocess_into(images[i], preprocess(), values.subspan(i * stride, stride));
  }
  const Tensor outputs = probabilities(std::move(batch).freeze());
  const std::size_t width = outputs.size() / images.size();
  std::vector<std::vector<Prediction>> found;
  for (std::size_t i = 0; i < images.size(); ++i)
    found.push_back(task().read(one_output(outputs.as<float>().subspan(i * width, width)), {}, {}, reading));
  return found;
}

Tensor Model::probabilities(const Tensor& batch) const {
  const std::int64_t side = preprocess().size;
  const std::int64_t rows = batch.shape().empty() ? 0 : batch.shape()[0];
  if (rows == 0 || batch.dtype() != DType::f32 || batch.shape() != Shape{rows, 3, side, side}) {
    throw Error(ErrorKind::data,
                {.where = "batch",
                 .found = "its shape is " + to_string(batch.shape()),
                 .expected = "float32 of " + to_string(Shape{std::max<std::int64_t>(rows, 1), 3, side, side}),
                 .tip = "preprocess the pictures as model.preprocess() says"});
  }
  return state_->run(batch);
}

}  // namespace enxerto
