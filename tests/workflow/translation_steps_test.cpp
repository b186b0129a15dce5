// Steps of training of a network that translates, against transformers and PyTorch (tools/golden/translation.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/engine/trainer.h"
#include "enxerto/heads/written_words_head.h"
#include "enxerto/pretrained/translation/translation_backbone.h"
#include "enxerto/tasks/task.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/transfer/phase_cut.h"
#include "tests/generation/translation_folder.h"

namespace enxerto {
namespace {

constexpr double kRate = 0.02;

Graph learner_of(const Graph& network, double smoothing) {
  const Blueprint head = written_words_head(before_head(network), kWrittenAnswer + (smoothing > 0 ? 1 : 0));
  return with_loss(graft_head(network, head, {}), {.kind = "written_words", .label_smoothing = smoothing});
}

/// All parameters but the bias of the scores, which transformers holds fast.
std::vector<ParameterGroup> all_but_the_bias(const Graph& network) {
  ParameterGroup group;
  for (const auto& [name, tensor] : network.parameters)
    if (name != "head.words.bias") group.parameters.push_back(name);
  return {group};
}

TrainBatch batch_of(const Json& rows) {
  TrainBatch batch;
  for (const char* name : {"input_ids", "attention_mask", "decoder_input_ids", "labels"})
    batch.inputs.set(name, numbers_in(rows.at(name)));
  const Tensor& labels = batch.inputs.at("labels");
  batch.examples = labels.shape().front();
  const auto words = labels.as<std::int64_t>();
  batch.weight = static_cast<double>(std::ranges::count_if(words, [](std::int64_t word) { return word >= 0; }));
  return batch;
}

class TranslationSteps : public ::testing::TestWithParam<std::string> {};

TEST_P(TranslationSteps, HaveTheLossesOfTransformers) {
  const TranslationFolder folder(GetParam());
  const Json& wanted = folder.golden().at("training");
  const Backbone backbone = translation_backbone(folder.path());
  const TrainBatch batch = batch_of(wanted);
  for (const auto& [smoothing, losses] : wanted.at("losses").items()) {
    const Graph learner = learner_of(backbone.graph, std::stod(smoothing));
    const auto trainer = make_trainer(
        learner, {.threads = 1, .optimizer = {.kind = "sgd", .momentum = 0}, .groups = all_but_the_bias(learner)});
    for (const Json& loss : losses)
      EXPECT_NEAR(trainer->step({&batch, 1}, kRate).loss, loss.get<double>(), 1e-4 * loss.get<double>()) << smoothing;
  }
}

TEST_P(TranslationSteps, InMicroBatchesAreThose) {
  const TranslationFolder folder(GetParam());
  const Json& wanted = folder.golden().at("training");
  const Graph learner = learner_of(translation_backbone(folder.path()).graph, 0);
  const auto trainer = make_trainer(
      learner, {.threads = 1, .optimizer = {.kind = "sgd", .momentum = 0}, .groups = all_but_the_bias(learner)});
  Json first = wanted, rest = wanted;
  for (const char* name : {"input_ids", "attention_mask", "decoder_input_ids", "labels"}) {
    first[name] = Json(wanted.at(name).begin(), wanted.at(name).begin() + 1);
    rest[name] = Json(wanted.at(name).begin() + 1, wanted.at(name).end());
  }
  const std::vector<TrainBatch> parts{batch_of(first), batch_of(rest)};
  for (std::size_t i = 0; i < 3; ++i) {
    const double loss = wanted.at("losses").at("0.0").at(i);
    EXPECT_NEAR(trainer->step(parts, kRate).loss, loss, 1e-4 * loss);
  }
}

INSTANTIATE_TEST_SUITE_P(All, TranslationSteps, ::testing::Values("marian", "marian_uneven"),
                         [](const auto& network) { return network.param; });

TEST(TranslationCut, HasTheSourceOnOneSideAndItsMaskOnBoth) {
  const TranslationFolder folder("marian");
  const Graph network = translation_backbone(folder.path()).graph;
  const Halves halves = cut_for_phase(learner_of(network, 0), "decoder0");
  std::vector<std::string> crossing;
  for (const Value& value : halves.suffix.inputs) crossing.push_back(value.name);
  for (const char* name : {"attention_mask", "decoder_input_ids", "labels"})
    EXPECT_NE(std::ranges::find(crossing, name), crossing.end()) << name;
  EXPECT_EQ(crossing.size(), 4U);
  EXPECT_EQ(std::ranges::find(crossing, "input_ids"), crossing.end());
}

}  // namespace
}  // namespace enxerto
