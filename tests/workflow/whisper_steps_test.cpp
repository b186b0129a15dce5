// Steps of training of Whisper, against transformers and PyTorch (tools/golden/whisper.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/engine/trainer.h"
#include "enxerto/graph/lora.h"
#include "enxerto/heads/written_words_head.h"
#include "enxerto/pretrained/speech/transcription_backbone.h"
#include "enxerto/tasks/task.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/transfer/phase_cut.h"
#include "enxerto/weights/safetensors.h"
#include "tests/generation/translation_folder.h"

namespace enxerto {
namespace {

constexpr const char* kWhisperFolder = ENXERTO_TEST_DATA "/speech/whisper";

Graph whisper_learner() {
  const Graph network = transcription_backbone(kWhisperFolder, "").graph;
  return with_loss(graft_head(network, written_words_head(before_head(network), kWrittenAnswer), {}),
                   {.kind = "written_words"});
}

/// All but the front end, or what is behind the encoder.
std::vector<ParameterGroup> learned_parameters(const Graph& learner, bool all, double decay) {
  ParameterGroup group{.parameters = {}, .weight_decay = decay};
  for (const auto& [name, tensor] : learner.parameters) {
    const bool decoder = name.starts_with("decoder"), encoder = name.starts_with("encoder");
    if (decoder || (all && encoder)) group.parameters.push_back(name);
  }
  return {group};
}

TrainBatch spoken_batch(const Json& golden) {
  const StateDict answers = read_safetensors(std::string(kWhisperFolder) + "/answers.safetensors");
  std::vector<float> samples;
  for (const char* name : {"sound.0", "sound.1"}) {
    const auto sound = answers.at(name).as<float>();
    samples.insert(samples.end(), sound.begin(), sound.begin() + std::min<std::ptrdiff_t>(std::ssize(sound), 6'400));
    samples.resize((samples.size() + 6'399) / 6'400 * 6'400, 0.0F);
  }
  TrainBatch batch;
  batch.inputs.set("samples", Tensor::of<float>({2, 6'400}, std::span<const float>(samples)));
  for (const char* name : {"decoder_input_ids", "labels"}) batch.inputs.set(name, numbers_in(golden.at(name)));
  batch.examples = 2;
  const auto words = batch.inputs.at("labels").as<std::int64_t>();
  batch.weight = static_cast<double>(std::ranges::count_if(words, [](std::int64_t word) { return word >= 0; }));
  return batch;
}

TEST(WhisperSteps, HaveTheLossesOfTransformers) {
  const Json golden = read_json(std::string(kWhisperFolder) + "/training.json", std::size_t{1} << 20);
  const TrainBatch batch = spoken_batch(golden);
  const Graph learner = whisper_learner();
  for (const auto& [part, losses] : golden.at("losses").items()) {
    const auto trainer = make_trainer(
        learner, {.threads = 1,
                  .optimizer = {.kind = "adamw"},
                  .groups = learned_parameters(learner, part == "all", golden.at("weight_decay").get<double>())});
    for (const Json& loss : losses)
      EXPECT_NEAR(trainer->step({&batch, 1}, golden.at("rate").get<double>()).loss, loss.get<double>(), 1e-4) << part;
  }
}

TEST(WhisperCut, HasWhatIsHeardOnOneSide) {
  const Halves halves = cut_for_phase(whisper_learner(), "decoder0");
  std::vector<std::string> crossing;
  for (const Value& value : halves.suffix.inputs) crossing.push_back(value.name);
  EXPECT_EQ(crossing.size(), 3U);
  EXPECT_EQ(std::ranges::find(crossing, "samples"), crossing.end());
}

TEST(WhisperAdapters, LeaveTheTableOfWordsThatIsReadToo) {
  const std::vector<std::string> weights =
      lora_weights(cut_for_phase(whisper_learner(), "decoder1").suffix, {.rank = 2});
  EXPECT_NE(std::ranges::find(weights, "decoder.1.cross.k.weight"), weights.end());
  EXPECT_EQ(std::ranges::find(weights, "decoder.word.weight"), weights.end());
}

}  // namespace
}  // namespace enxerto
