#include <algorithm>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/media/batch_inputs.h"
#include "enxerto/media/piece.h"
#include "enxerto/model/example_runner.h"
#include "enxerto/model/in_order.h"
#include "enxerto/model/model.h"
#include "enxerto/model/state.h"

namespace enxerto {

namespace {

using Block = std::vector<PredictedExample>;

/// Preprocesses and predicts the examples of one block after the other on one worker's thread.
class BlockPredictor {
 public:
  BlockPredictor(const Dataset& dataset, ExampleRunner::Model model, std::size_t batch)
      : dataset_(dataset), model_(std::move(model)), batch_(batch) {}

  /// Examples that are longer than what the network reads at once are answered piece by piece, and what it says of the
  /// pieces is added up.
  Block predict_in_pieces(std::size_t begin, std::size_t end, std::size_t batch) {
    Block block(end - begin);
    for (std::size_t i = 0; i < block.size(); ++i) {
      PredictedExample& example = block[i];
      example.position = begin + i;
      const auto found = dataset_.get(example.position);
      example.id = found->id();
      try {
        const std::vector<Field> fields = fields_of(dataset_, *found);
        add_up(example, model_.preprocessor.pieces(fields, example.id), batch);
        TensorMap sums;
        sums.set(std::string(kHeadProbabilities),
                 Tensor::of<float>({std::ssize(example.probabilities)}, std::span<const float>(example.probabilities)));
        example.best = model_.task.read(sums, fields, {}, model_.reading);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::data) throw;
        example.probabilities.clear();
        example.bad = error.what();
      }
    }
    return block;
  }

  Block predict(std::size_t begin, std::size_t end) {
    Block block(end - begin);
    ExampleRunner runner(model_, std::min(batch_, block.size()),
                         [&](std::size_t i, const TensorMap& outputs, std::span<const Field> fields,
                             const Alignment& alignment) { read(block[i], outputs, fields, alignment); });
    for (std::size_t i = 0; i < block.size(); ++i) {
      block[i].position = begin + i;
      add(i, block[i], runner);
    }
    runner.finish();
    return block;
  }

 private:
  void add_up(PredictedExample& example, std::span<const Piece> pieces, std::size_t batch) const {
    for (std::size_t begin = 0; begin < pieces.size(); begin += batch) {
      const std::span<const Piece> some = pieces.subspan(begin, std::min(batch, pieces.size() - begin));
      BatchInputs inputs(model_.preprocessor.inputs(), some.size());
      for (std::size_t i = 0; i < some.size(); ++i) {
        BatchInputs::Slots slots = inputs.slots(i);
        model_.preprocessor.encode(some[i].fields, {.where = example.id}, slots);
      }
      const Tensor outputs = model_.run(inputs.collect(some.size())).begin()->second;
      const std::span<const float> values = outputs.as<float>();
      const std::size_t width = values.size() / some.size();
      example.probabilities.resize(width);
      for (std::size_t i = 0; i < values.size(); ++i) example.probabilities[i % width] += values[i];
    }
    if (example.probabilities.empty()) throw data_error(example.id, "an empty text", "at least one word");
  }

  void read(PredictedExample& example, const TensorMap& outputs, std::span<const Field> fields,
            const Alignment& alignment) const {
    if (const Tensor* answer = outputs.find(kHeadProbabilities)) {
      const auto values = answer->as<float>();
      example.probabilities.assign(values.begin(), values.end());
    }
    example.best = model_.task.read(outputs, fields, alignment, model_.reading);
  }

  /// Of an example that cannot be read the reason goes into `example.bad`.
  void add(std::size_t number, PredictedExample& example, ExampleRunner& runner) const {
    const auto found = dataset_.get(example.position);
    example.id = found->id();
    try {
      runner.add(number, fields_of(dataset_, *found), example.id);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data) throw;
      example.bad = error.what();
    }
  }

  const Dataset& dataset_;
  const ExampleRunner::Model model_;
  const std::size_t batch_;
};

}  // namespace

void Model::predict(const Dataset& dataset, const ReadingOptions& reading,
                    const std::function<void(const PredictedExample&)>& each, Progress& progress) const {
  State& state = *state_;
  const bool few = dataset.size() < state.first->batch() * static_cast<std::size_t>(state.first->threads());
  const std::size_t step = few ? 1 : state.first->batch();
  const int threads = few ? 1 : state.first->threads();
  BlockPredictor predictor(
      dataset,
      {.preprocessor = *state.bundle.preprocessor,
       .task = *state.task,
       .run = [&](const TensorMap& batch) { return few ? state.run(batch) : state.run_batch(batch); },
       .reading = reading},
      step);
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
        order.give(*ticket, state.task->kind().foretells ? predictor.predict_in_pieces(begin, end, state.first->batch())
                                                         : predictor.predict(begin, end));
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
