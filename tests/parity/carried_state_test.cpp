// A text that is read in two steps, against the same text read at once.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/graph/carried_state.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/training/parameter_groups.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/zoo/recurrent_network.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

const std::vector<RecurrentLayer> kOneLayer{{.hidden = 4}};
constexpr std::array<std::int64_t, 6> kText{1, 7, 3, 9, 4, 2};

Graph language_model_of(std::vector<RecurrentLayer> layers) {
  const Blueprint blueprint = recurrent_network({.vocabulary = 11, .embedding = 4, .layers = std::move(layers)});
  const Graph body = blueprint.fill(formula::weights(blueprint));
  const Blueprint head = language_model_head(body, before_head(body));
  return with_loss(graft_head(body, head, formula::weights(head)), {.kind = "next_token"});
}

/// The same tokens in each of `examples`.
TensorMap batch_of(std::span<const std::int64_t> tokens, std::int64_t examples) {
  std::vector<std::int64_t> ids;
  for (std::int64_t i = 0; i < examples; ++i) ids.insert(ids.end(), tokens.begin(), tokens.end());
  const Shape shape{examples, static_cast<std::int64_t>(tokens.size())};
  TensorMap inputs;
  inputs.set("input_ids", Tensor::of<std::int64_t>(shape, std::span<const std::int64_t>(ids)));
  const std::vector<std::int64_t> mask(ids.size(), 1);
  inputs.set("attention_mask", Tensor::of<std::int64_t>(shape, std::span<const std::int64_t>(mask)));
  return inputs;
}

struct Reader {
  explicit Reader(std::vector<RecurrentLayer> layers) {
    CarryingGraph carrying = with_carried_states(language_model_of(std::move(layers)));
    const std::vector<std::string> stages{"head"};
    options = {.threads = 1,
               .groups = parameter_groups(carrying.graph, stages, {}),
               .carried = carrying.carried,
               .carried_examples = 3};
    trainer = make_trainer(carrying.graph, options);
  }

  /// Sum of the surprises of the tokens behind the first.
  double at_once(std::size_t tokens) const {
    const TensorMap outputs = trainer->evaluate(batch_of(std::span(kText).first(tokens), 1));
    EXPECT_EQ(outputs.find("rnn.0.h.after"), nullptr);
    return static_cast<double>(outputs.at("loss").as<float>()[0]) * static_cast<double>(tokens - 1);
  }

  double mean_of(std::size_t from, std::size_t tokens, std::vector<std::uint8_t> continues) const {
    const TrainBatch batch{.inputs = batch_of(std::span(kText).subspan(from, tokens), 2),
                           .examples = 2,
                           .continues = std::move(continues)};
    return trainer->step({&batch, 1}, 0).loss;
  }

  TrainerOptions options;
  std::unique_ptr<Trainer> trainer;
};

class CarriedStateOfEveryLayer : public ::testing::TestWithParam<const char*> {};

TEST_P(CarriedStateOfEveryLayer, GoesOnAsIfTheTextHadBeenReadAtOnce) {
  const Reader reader(std::vector<RecurrentLayer>{{.op = GetParam(), .hidden = 6}, {.hidden = 4}});
  const double second_half = (reader.at_once(6) - reader.at_once(4)) / 2, alone = reader.mean_of(3, 3, {});
  (void)reader.mean_of(0, 3, {});
  EXPECT_NEAR(reader.mean_of(3, 3, {1, 1}), second_half, 1e-5);
  (void)reader.mean_of(0, 3, {0, 0});
  EXPECT_NEAR(reader.mean_of(3, 3, {1, 0}), (second_half + alone) / 2, 1e-5) << "the second example is a new text";
  EXPECT_GT(std::abs(second_half - alone), 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Trainer, CarriedStateOfEveryLayer, ::testing::Values("LSTM", "GRU", "RNN"));

TEST(CarriedState, IsPartOfACheckpoint) {
  const Reader first(kOneLayer), second(kOneLayer);
  (void)first.mean_of(0, 3, {0, 0});
  second.trainer->restore(first.trainer->state());
  EXPECT_EQ(second.mean_of(3, 3, {1, 1}), first.mean_of(3, 3, {1, 1}));
}

TEST(CarriedState, DoesNotDependOnMicroBatches) {
  const Reader whole(kOneLayer), split(kOneLayer);
  (void)whole.mean_of(0, 3, {0, 0});
  (void)split.mean_of(0, 3, {0, 0});
  const TensorMap one = batch_of(std::span(kText).subspan(3), 1);
  const std::vector<TrainBatch> halves{{.inputs = one, .examples = 1, .continues = {1}},
                                       {.inputs = one, .examples = 1, .continues = {1}}};
  EXPECT_NEAR(split.trainer->step(halves, 0).loss, whole.mean_of(3, 3, {1, 1}), 1e-6);
}

TEST(CarriedState, OfMoreExamplesThanSaidIsRefused) {
  const Reader reader(kOneLayer);
  const TrainBatch batch{.inputs = batch_of(kText, 4), .examples = 4, .continues = {0, 0, 0, 0}};
  EXPECT_THROW((void)reader.trainer->step({&batch, 1}, 0), Error);
  const TrainBatch uneven{.inputs = batch_of(kText, 2), .examples = 2, .continues = {1}};
  EXPECT_THROW((void)reader.trainer->step({&uneven, 1}, 0), Error);
}

}  // namespace
}  // namespace enxerto
