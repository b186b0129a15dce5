#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/model/in_order.h"
#include "enxerto/model/model.h"
#include "enxerto/model/state.h"

namespace enxerto {

namespace {

using Block = std::vector<PredictedExample>;

/// Decodes and predicts the examples of one block after the other on one worker's thread.
class BlockPredictor {
 public:
  using Read = std::function<std::vector<Prediction>(std::span<const float>)>;
  BlockPredictor(const Dataset& dataset, const ImagePreprocess& preprocess, std::function<Tensor(const Tensor&)> run,
                 Read read)
      : dataset_(dataset), preprocess_(preprocess), run_(std::move(run)), read_(std::move(read)) {}

  Block predict(std::size_t begin, std::size_t end) {
    Block block(end - begin);
    const std::int64_t side = preprocess_.size;
    TensorBuffer batch(DType::f32, {static_cast<std::int64_t>(block.size()), 3, side, side});
    std::vector<PredictedExample*> good;
    for (std::size_t i = 0; i < block.size(); ++i) {
      block[i].position = begin + i;
      if (read_into(block[i], row(batch, good.size(), block.size()))) good.push_back(&block[i]);
    }
    if (good.empty()) return block;
    const Tensor outputs = run_(std::move(batch).freeze().rows(0, static_cast<std::int64_t>(good.size())));
    const std::span<const float> values = outputs.as<float>();
    const std::size_t classes = values.size() / good.size();
    for (std::size_t i = 0; i < good.size(); ++i) {
      const auto probabilities = values.subspan(i * classes, classes);
      good[i]->probabilities.assign(probabilities.begin(), probabilities.end());
      good[i]->best = read_(probabilities);
    }
    return block;
  }

 private:
  static std::span<float> row(TensorBuffer& batch, std::size_t at, std::size_t rows) {
    const std::size_t stride = batch.size() / rows;
    return batch.as<float>().subspan(at * stride, stride);
  }

  /// False where the picture cannot be read, with the reason in `example.bad`.
  bool read_into(PredictedExample& example, std::span<float> out) const {
    const auto picture = dataset_.get(example.position);
    example.id = picture->id();
    try {
      const Image image = decode(*picture, picture->field(0), decode_options(preprocess_));
      preprocess_into(image, preprocess_, out);
      return true;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data) throw;
      example.bad = error.what();
      return false;
    }
  }

  const Dataset& dataset_;
  const ImagePreprocess& preprocess_;
  const std::function<Tensor(const Tensor&)> run_;
  const Read read_;
};

}  // namespace

void Model::predict(const Dataset& dataset, const ReadingOptions& reading,
                    const std::function<void(const PredictedExample&)>& each, Progress& progress) const {
  State& state = *state_;
  const bool few = dataset.size() < state.first->batch() * static_cast<std::size_t>(state.first->threads());
  const std::size_t step = few ? 1 : state.first->batch();
  const int threads = few ? 1 : state.first->threads();
  BlockPredictor predictor(
      dataset, state.bundle.preprocess,
      [&](const Tensor& batch) { return few ? state.run(batch) : state.run_batch(batch); },
      [&](std::span<const float> output) { return state.task->read(one_output(output), {}, {}, reading); });
  InOrder<Block> order((dataset.size() + step - 1) / step, 4 * static_cast<std::size_t>(threads), [&](Block block) {
    for (const PredictedExample& example : block) each(example);
  });
  progress.begin("predict", dataset.size());
  run_workers(threads, [&](int) {
    try {
      while (const auto ticket = order.take()) {
        throw_if_cancelled(progress);
        const std::size_t begin = *ticket * step, end = std::min(dataset.size(), begin + step);
        order.give(*ticket, predictor.predict(begin, end));
        progress.advance(end - begin);
      }
    } catch (...) {
      order.stop();
      throw;
    }
  });
  progress.end();
}

}  // namespace enxerto
