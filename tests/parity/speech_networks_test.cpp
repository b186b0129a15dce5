// wav2vec 2.0 and HuBERT against transformers' (tools/golden/wav2vec2.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/files/json.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/batch_inputs.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/pretrained/ready_model.h"
#include "enxerto/pretrained/speech/ctc_head.h"
#include "enxerto/weights/safetensors.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSounds = 3;
const std::string kFolder = ENXERTO_TEST_DATA "/speech/";

/// A WAV file of 32-bit floats of one channel, which nothing is lost in.
std::vector<std::byte> float_wav(std::span<const float> samples, std::int64_t rate) {
  std::vector<std::byte> file;
  const auto text = [&](std::string_view letters) {
    for (const char letter : letters) file.push_back(static_cast<std::byte>(letter));
  };
  const auto number = [&](std::int64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file.push_back(static_cast<std::byte>(value >> (8 * i) & 0xFF));
  };
  const auto size = static_cast<std::int64_t>(samples.size_bytes());
  text("RIFF");
  number(36 + size, 4);
  text("WAVEfmt ");
  number(16, 4);
  number(3, 2);  // floats
  number(1, 2);
  number(rate, 4);
  number(4 * rate, 4);
  number(4, 2);
  number(32, 2);
  text("data");
  number(size, 4);
  const auto bytes = std::as_bytes(samples);
  file.insert(file.end(), bytes.begin(), bytes.end());
  return file;
}

Field recording(const Tensor& samples) {
  const std::vector<std::byte> file = float_wav(samples.as<float>(), 16'000);
  return {.medium = Medium::audio, .bytes = Tensor::copied(DType::u8, {std::ssize(file)}, file)};
}

/// The golden sounds side by side, as a batch is made of recordings.
TensorMap side_by_side(const Preprocessor& preprocessor, const StateDict& golden) {
  BatchInputs batch(preprocessor.inputs(), kSounds);
  for (std::size_t i = 0; i < kSounds; ++i) {
    const std::vector<Field> example{recording(golden.at("sound." + std::to_string(i)))};
    BatchInputs::Slots slots = batch.slots(i);
    (void)preprocessor.encode(example, {.where = "a sound"}, slots);
  }
  return batch.collect(kSounds);
}

/// `values` (batch, frames, width): rows of each sound are those of `name`.N, which was alone.
void expect_as_alone(const Tensor& values, const StateDict& golden, const std::string& name, float limit) {
  const auto frames = static_cast<std::size_t>(values.shape()[1]), width = static_cast<std::size_t>(values.shape()[2]);
  for (std::size_t i = 0; i < kSounds; ++i) {
    const Tensor wanted = golden.at(name + "." + std::to_string(i));
    ASSERT_EQ(wanted.shape()[1], values.shape()[2]);
    ASSERT_LE(wanted.shape()[0], values.shape()[1]);
    const auto found = values.as<float>().subspan(i * frames * width, wanted.size());
    for (std::size_t k = 0; k < wanted.size(); ++k)
      ASSERT_NEAR(found[k], wanted.as<float>()[k], limit) << name << "." << i << " at " << k;
  }
}

/// The network up to its states, whatever head there is.
Graph up_to_states(const Graph& graph) {
  return graph.outputs.front().name == "states" ? graph : cut(graph, kHeadStage).prefix;
}

TEST(SpeechNetworks, StatesOfPaddedBatchesAreThoseOfTransformersOfEachRecordingAlone) {
  for (const char* name : {"wav2vec2", "hubert"}) {
    const Backbone backbone = load_backbone(kFolder + name);
    const StateDict golden = read_safetensors(kFolder + name + "/answers.safetensors");
    EXPECT_EQ(backbone.spec.architecture, name);
    const TensorMap outputs =
        compile(up_to_states(backbone.graph), {})->run(side_by_side(*backbone.spec.preprocessor, golden));
    expect_as_alone(outputs.at("states"), golden, "states", 1e-4F);
  }
}

TEST(SpeechNetworks, MaskCountsTheFramesThatTransformersHas) {
  for (const char* name : {"wav2vec2", "hubert"}) {
    const Backbone backbone = load_backbone(kFolder + name);
    const StateDict golden = read_safetensors(kFolder + name + "/answers.safetensors");
    const TensorMap batch = side_by_side(*backbone.spec.preprocessor, golden);
    const auto mask = batch.at("attention_mask").as<std::int64_t>();
    const std::size_t rows = mask.size() / kSounds;
    for (std::size_t i = 0; i < kSounds; ++i)
      EXPECT_EQ(std::ranges::count(mask.subspan(i * rows, rows), 1),
                golden.at("states." + std::to_string(i)).shape()[0]);
  }
}

TEST(SpeechNetworks, HeadIsThatOfTheFileWithTheBlankFirst) {
  const Backbone backbone = load_backbone(kFolder + "wav2vec2");
  EXPECT_EQ(backbone.units, (std::vector<std::string>{"", "<s>", "</s>", "<unk>", " ", "E", "T", "A", "O", "'"}));
  const StateDict golden = read_safetensors(kFolder + "wav2vec2/answers.safetensors");
  const TensorMap outputs = compile(backbone.graph, {})->run(side_by_side(*backbone.spec.preprocessor, golden));
  const Tensor logits = outputs.at("logits"), wanted = golden.at("logits.0");
  const auto width = static_cast<std::size_t>(logits.shape()[2]);
  ASSERT_EQ(wanted.shape()[1], logits.shape()[2]);
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    const std::size_t unit = k % width, theirs = unit == 0 ? 1 : unit == 1 ? 0 : unit;
    ASSERT_NEAR(logits.as<float>()[k], wanted.as<float>()[k - unit + theirs], 1e-4F) << k;
  }
}

TEST(SpeechNetworks, CtcModelAnswersWithProbabilitiesThatAreBlankBehindTheRecording) {
  ASSERT_TRUE(is_ctc_folder(kFolder + "wav2vec2"));
  EXPECT_FALSE(is_ctc_folder(kFolder + "hubert"));
  EXPECT_FALSE(is_ctc_folder(kFolder + "whisper"));
  const Bundle model = ready_model(kFolder + "wav2vec2").value();
  EXPECT_EQ(model.task_facts.at("units").size(), 9U);
  const StateDict golden = read_safetensors(kFolder + "wav2vec2/answers.safetensors");
  const TensorMap batch = side_by_side(*model.preprocessor, golden);
  const Tensor found = compile(model.graph, {})->run(batch).at("probabilities");
  const auto mask = batch.at("attention_mask").as<std::int64_t>();
  for (std::size_t row = 0; row < mask.size(); ++row) {
    const auto frame = found.as<float>().subspan(row * 10, 10);
    EXPECT_NEAR(std::accumulate(frame.begin(), frame.end(), 0.0F), 1, 1e-5);
    if (mask[row] == 0) {
      EXPECT_EQ(frame[0], 1) << row;
    }
  }
}

class SpeechFolder : public ::testing::Test {
 protected:
  SpeechFolder() { fs::copy(kFolder + "wav2vec2", folder_.path() / "net"); }
  std::string path() const { return (folder_.path() / "net").string(); }

  void change(const std::string& file, const Json& members) const {
    const fs::path name = folder_.path() / "net" / file;
    std::ifstream in(name);
    Json all = Json::parse(in);
    in.close();
    all.update(members);
    std::ofstream(name) << all.dump();
  }
  std::string refusal() const {
    try {
      (void)load_backbone(path());
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  void expect_refused(const std::string& part) const {
    EXPECT_NE(refusal().find(part), std::string::npos) << refusal();
  }

  testing::TemporaryDirectory folder_;
};

TEST_F(SpeechFolder, NamesTensorsThatAreMissing) {
  const fs::path file = folder_.path() / "net" / "model.safetensors";
  StateDict weights = read_safetensors(file.string());
  StateDict less;
  for (const auto& [name, tensor] : weights)
    if (name != "wav2vec2.encoder.layers.1.final_layer_norm.bias")
      less.set(name, Tensor::copied(tensor.dtype(), tensor.shape(), tensor.bytes()));
  write_safetensors(file, less, {});
  expect_refused("blocks.1.norm2.bias");
}

TEST_F(SpeechFolder, WithoutItsHeadIsRefusedByName) {
  const fs::path file = folder_.path() / "net" / "model.safetensors";
  StateDict less;
  for (const auto& [name, tensor] : read_safetensors(file.string()))
    if (name != "lm_head.bias") less.set(name, Tensor::copied(tensor.dtype(), tensor.shape(), tensor.bytes()));
  write_safetensors(file, less, {});
  expect_refused("lm_head.bias");
}

TEST_F(SpeechFolder, IsRefusedWhereItsConfigContradictsItself) {
  change("config.json", {{"conv_stride", {5, 2, 2}}});
  expect_refused("conv_stride 3");
}

TEST_F(SpeechFolder, IsRefusedWhereTheBlankIsNotTheTokenizers) {
  change("config.json", {{"pad_token_id", 0}});
  expect_refused("stands for '<s>'");
}

TEST_F(SpeechFolder, IsRefusedWhereTheVocabularyIsLargerThanTheHead) {
  change("vocab.json", {{"Z", 10}});
  expect_refused("'Z' as number 10");
}

TEST_F(SpeechFolder, OfOtherOperationsIsRefusedWithAReason) {
  change("config.json", {{"add_adapter", true}});
  expect_refused("add_adapter");
}

TEST_F(SpeechFolder, WithAKernelShorterThanItsStrideIsRefused) {
  change("config.json", {{"conv_kernel", {10, 3, 3, 3, 3, 1, 2}}});
  expect_refused("at least as long as the stride");
}

TEST_F(SpeechFolder, WithoutAVocabularyIsANetworkWithoutAHead) {
  fs::remove(folder_.path() / "net" / "vocab.json");
  const Backbone backbone = load_backbone(path());
  EXPECT_TRUE(backbone.units.empty());
  EXPECT_EQ(backbone.graph.outputs.front().name, "states");
  EXPECT_TRUE(std::ranges::any_of(
      backbone.notes, [](const std::string& note) { return note.find("no vocab.json") != std::string::npos; }));
}

TEST_F(SpeechFolder, DoesNotHearWhatIsShorterThanAFrame) {
  const Backbone backbone = load_backbone(path());
  const std::vector<float> samples(399, 0.5F);
  const std::vector<Field> example{recording(Tensor::of<float>({399}, std::span<const float>(samples)))};
  OwnSlots slots(backbone.spec.preprocessor->inputs());
  EXPECT_THROW((void)backbone.spec.preprocessor->encode(example, {.where = "short.wav"}, slots), Error);
}

}  // namespace
}  // namespace enxerto
