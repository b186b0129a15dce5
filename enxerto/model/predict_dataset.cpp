#include <algorithm>
#include <optional>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/media/batch_inputs.h"
#include "enxerto/model/in_order.h"
#include "enxerto/model/model.h"
#include "enxerto/model/state.h"

namespace enxerto {

namespace {

using Block = std::vector<PredictedExample>;

/// Preprocesses and predicts the examples of one block after the other on one worker's thread.
class BlockPredictor {
 public:
  using Read = std::function<std::vector<Prediction>(const TensorMap&, std::span<const Field>, const Alignment&)>;
  BlockPredictor(const Dataset& dataset, const Preprocessor& preprocessor,
                 std::function<TensorMap(const TensorMap&)> run, Read read)
      : dataset_(dataset), preprocessor_(preprocessor), run_(std::move(run)), read_(std::move(read)) {}

  Block predict(std::size_t begin, std::size_t end) {
    Block block(end - begin);
    BatchInputs batch(preprocessor_.inputs(), block.size());
    std::vector<Encoded> good;
    for (std::size_t i = 0; i < block.size(); ++i) {
      block[i].position = begin + i;
      BatchInputs::Slots slots = batch.slots(good.size());
      if (std::optional<Encoded> encoded = encode(block[i], slots)) good.push_back(*std::move(encoded));
    }
    if (good.empty()) return block;
    const TensorMap outputs = run_(batch.collect(good.size()));
    for (std::size_t i = 0; i < good.size(); ++i) {
      const TensorMap answers = answers_for(outputs, i);
      if (const Tensor* found = answers.find(kHeadProbabilities); found != nullptr)
        good[i].example->probabilities.assign(found->as<float>().begin(), found->as<float>().end());
      good[i].example->best = read_(answers, good[i].fields, good[i].alignment);
    }
    return block;
  }

 private:
  /// What a task reads an answer with.
  struct Encoded {
    PredictedExample* example;
    std::vector<Field> fields;
    Alignment alignment;
  };

  /// None where the example cannot be read, with the reason in `example.bad`.
  std::optional<Encoded> encode(PredictedExample& example, InputSlots& out) const {
    const auto found = dataset_.get(example.position);
    example.id = found->id();
    try {
      std::vector<Field> fields = fields_of(dataset_, *found);
      Alignment alignment = preprocessor_.encode(fields, {.where = example.id}, out);
      return Encoded{&example, std::move(fields), std::move(alignment)};
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data) throw;
      example.bad = error.what();
      return std::nullopt;
    }
  }

  const Dataset& dataset_;
  const Preprocessor& preprocessor_;
  const std::function<TensorMap(const TensorMap&)> run_;
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
      dataset, *state.bundle.preprocessor,
      [&](const TensorMap& batch) { return few ? state.run(batch) : state.run_batch(batch); },
      [&](const TensorMap& answers, std::span<const Field> fields, const Alignment& alignment) {
        return state.task->read(answers, fields, alignment, reading);
      });
  InOrder<Block> order((dataset.size() + step - 1) / step, 4 * static_cast<std::size_t>(threads),
                       [&](const Block& block) {
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
