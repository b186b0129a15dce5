#include "enxerto/model/model.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "enxerto/model/example_runner.h"
#include "enxerto/model/looking_networks.h"
#include "enxerto/model/resolved_precision.h"
#include "enxerto/model/state.h"

namespace enxerto {

namespace {

/// Four inputs of 3 x 224 x 224, or as many bytes of others: fastest on a processor, and little memory.
std::size_t batch_for(const Preprocessor& preprocessor) {
  constexpr std::size_t kBytes = std::size_t{4} * 3 * 224 * 224 * sizeof(float);
  return std::clamp<std::size_t>(kBytes / std::max<std::size_t>(example_bytes(preprocessor.inputs()), 1), 1, 32);
}

/// What the second half takes: what crosses the cut, and inputs that both halves take.
TensorMap joined(TensorMap values, const TensorMap& batch) {
  for (const auto& [name, tensor] : batch)
    if (!values.contains(name)) values.set(name, tensor);
  return values;
}

}  // namespace

Model::State::State(Bundle saved, const ModelOptions& options, std::string_view where)
    : bundle(std::move(saved)), task(task_of(bundle, where)) {
  bundle.preprocessor = with_looking_networks(bundle.preprocessor, bundle.networks, options.threads);
  BatchRunner::Options run{.threads = options.threads,
                           .precision = Precision::fp32,
                           .batch = batch_for(*bundle.preprocessor),
                           .kept_in = options.compiled_in};
  const std::string cut = precision_cut(bundle);
  const bool halved = resolved_precision(bundle, options.precision) == Precision::bf16 && cut != "all";
  if (!halved) {
    first.emplace(bundle.graph, run);
    return;
  }
  Halves halves = cut_at_frontier(bundle.graph, cut);
  second.emplace(std::move(halves.suffix), run);
  run.precision = Precision::bf16;
  first.emplace(std::move(halves.prefix), run);
}

TensorMap Model::State::run(const TensorMap& batch) {
  TensorMap values = first->run(batch);
  return second ? second->run(joined(std::move(values), batch)) : values;
}

TensorMap Model::State::run_batch(const TensorMap& batch) {
  TensorMap values = first->run_batch(batch);
  return second ? second->run_batch(joined(std::move(values), batch)) : values;
}

Model Model::load(const std::filesystem::path& path, const ModelOptions& options) {
  return Model(std::make_shared<State>(read_bundle(path), options, task_file(path)));
}

Model::Model(Bundle bundle, const ModelOptions& options)
    : state_(std::make_shared<State>(std::move(bundle), options, "the model")) {}

const std::vector<std::string>& Model::labels() const { return state_->bundle.labels; }

const std::string& Model::recipe() const { return state_->bundle.recipe; }

const std::string& Model::report() const { return state_->bundle.report_html; }

const Preprocessor& Model::preprocessor() const { return *state_->bundle.preprocessor; }

const Task& Model::task() const { return *state_->task; }

std::vector<std::vector<Prediction>> Model::predict(std::span<const Image> images,
                                                    const ReadingOptions& reading) const {
  std::vector<std::vector<Field>> examples;
  examples.reserve(images.size());
  for (const Image& image : images) examples.push_back({as_field(image)});
  return predict(examples, reading);
}

std::vector<std::vector<Prediction>> Model::predict(std::span<const std::vector<Field>> examples,
                                                    const ReadingOptions& reading) const {
  std::vector<std::vector<Prediction>> found(examples.size());
  ExampleRunner runner(
      {.preprocessor = preprocessor(),
       .task = task(),
       .run = [&](const TensorMap& batch) { return run(batch); },
       .reading = reading},
      std::max<std::size_t>(examples.size(), 1),
      [&](std::size_t i, const TensorMap& outputs, std::span<const Field> fields, const Alignment& alignment) {
        found[i] = task().read(outputs, fields, alignment, reading);
      });
  for (std::size_t i = 0; i < examples.size(); ++i) runner.add(i, examples[i], fmt::format("example {}", i));
  runner.finish();
  return found;
}

TensorMap Model::run(const TensorMap& batch) const {
  for (const InputSpec& spec : preprocessor().inputs()) {
    const Tensor* input = batch.find(spec.name);
    const bool fits =
        input != nullptr && input->dtype() == spec.dtype && !input->shape().empty() && input->shape()[0] > 0;
    if (!fits)
      throw data_error("batch",
                       input == nullptr ? fmt::format("no input '{}'", spec.name)
                                        : fmt::format("the input '{}' is {}", spec.name, to_string(input->shape())),
                       fmt::format("{} of {} per example", to_string(spec.shape), name_of(spec.dtype)),
                       "preprocess the examples with model.preprocessor()");
    check_shape(spec, {input->shape().begin() + 1, input->shape().end()}, "batch");
  }
  return state_->run(batch);
}

}  // namespace enxerto
