// The audio spectrogram transformer against transformers' (tools/golden/spectrogram_transformer.py).
#include "enxerto/zoo/spectrogram_transformer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/files/json.h"
#include "enxerto/graph/infer.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/batch_inputs.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/weights/safetensors.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kClips = 3;
const std::string kAst = ENXERTO_TEST_DATA "/speech/ast";

/// Files of 16-bit samples side by side, as the network's preprocessing makes a batch of them.
TensorMap batch_of(const Preprocessor& preprocessor, const std::vector<std::vector<std::int16_t>>& clips) {
  BatchInputs batch(preprocessor.inputs(), clips.size());
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const std::vector<std::byte> file = wav_file(clips[i], 16'000);
    const std::vector<Field> example{
        {.medium = Medium::audio, .bytes = Tensor::copied(DType::u8, {std::ssize(file)}, file)}};
    BatchInputs::Slots slots = batch.slots(i);
    (void)preprocessor.encode(example, {.where = "a clip"}, slots);
  }
  return batch.collect(clips.size());
}

std::vector<std::vector<std::int16_t>> golden_clips(const StateDict& golden) {
  std::vector<std::vector<std::int16_t>> clips;
  for (std::size_t i = 0; i < kClips; ++i) {
    const Tensor clip = golden.at("sound." + std::to_string(i));
    const auto* const samples = reinterpret_cast<const std::int16_t*>(clip.data());
    clips.emplace_back(samples, samples + clip.size());
  }
  return clips;
}

TEST(SpectrogramTransformer, OfAFolderAnswersAsTransformersDoes) {
  const Backbone backbone = load_backbone(kAst);
  EXPECT_EQ(backbone.spec.architecture, "ast");
  const StateDict golden = read_safetensors(kAst + "/answers.safetensors");
  const TensorMap outputs =
      compile(backbone.graph, {})->run(batch_of(*backbone.spec.preprocessor, golden_clips(golden)));
  for (std::size_t i = 0; i < kClips; ++i) {
    const Tensor wanted = golden.at("pooled." + std::to_string(i));
    for (std::size_t k = 0; k < wanted.size(); ++k)
      ASSERT_NEAR(outputs.at("pooled").as<float>()[i * wanted.size() + k], wanted.as<float>()[k], 1e-4F)
          << i << " " << k;
  }
}

TEST(SpectrogramTransformer, HearsWhatItsFeatureExtractorHears) {
  Graph graph = load_backbone(kAst).graph;
  graph.outputs = {
      {.name = "fbank.normalised", .dtype = DType::f32, .shape = infer_shapes(graph).at("fbank.normalised").shape}};
  const StateDict golden = read_safetensors(kAst + "/answers.safetensors");
  const Tensor found = compile(graph, {})
                           ->run(batch_of(*load_backbone(kAst).spec.preprocessor, golden_clips(golden)))
                           .at("fbank.normalised");
  constexpr std::size_t kMels = 48, kFrames = 64;
  for (const std::size_t i : {std::size_t{0}, std::size_t{2}}) {
    const auto wanted = golden.at("features." + std::to_string(i));
    for (std::size_t frame = 0; frame < kFrames; ++frame)
      for (std::size_t mel = 0; mel < kMels; ++mel)
        ASSERT_NEAR(found.as<float>()[(i * kMels + mel) * kFrames + frame], wanted.as<float>()[frame * kMels + mel],
                    1e-5F)
            << i << " frame " << frame << " mel " << mel;
  }
}

TEST(SpectrogramTransformer, HearsSilenceAndASingleSample) {
  const Backbone backbone = load_backbone(kAst);
  const TensorMap outputs =
      compile(backbone.graph, {})->run(batch_of(*backbone.spec.preprocessor, {std::vector<std::int16_t>(9'000), {5}}));
  for (const float value : outputs.at("pooled").as<float>()) EXPECT_TRUE(std::isfinite(value));
}

TEST(SpectrogramTransformer, IsRefusedWhereItsFilesContradictEachOther) {
  testing::TemporaryDirectory folder;
  fs::copy(kAst, folder.path() / "net");
  const fs::path file = folder.path() / "net" / "preprocessor_config.json";
  std::ifstream in(file);
  Json all = Json::parse(in);
  in.close();
  all["max_length"] = 128;
  std::ofstream(file) << all.dump();
  try {
    (void)load_backbone((folder.path() / "net").string());
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("contradicts config.json"), std::string::npos) << error.what();
  }
}

TEST(SpectrogramTransformer, NamesTensorsThatAreMissing) {
  testing::TemporaryDirectory folder;
  fs::copy(kAst, folder.path() / "net");
  const fs::path file = folder.path() / "net" / "model.safetensors";
  StateDict less;
  for (const auto& [name, tensor] : read_safetensors(file.string()))
    if (name != "layernorm.bias") less.set(name, Tensor::copied(tensor.dtype(), tensor.shape(), tensor.bytes()));
  write_safetensors(file, less, {});
  try {
    (void)load_backbone((folder.path() / "net").string());
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("norm.bias"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto
