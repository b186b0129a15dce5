// YAMNet against TensorFlow's (tools/golden/yamnet.py), CNN14 of PANNs against PyTorch's (tools/golden/panns.py).
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/graph/infer.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/batch_inputs.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/weights/read_weights.h"
#include "enxerto/weights/safetensors.h"
#include "enxerto/zoo/log_mel.h"
#include "enxerto/zoo/panns.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

const std::string kSpeech = ENXERTO_TEST_DATA "/speech";

Field golden_clip(const StateDict& golden, int number, std::int64_t rate) {
  const Tensor clip = golden.at("sound." + std::to_string(number));
  const auto* const samples = reinterpret_cast<const std::int16_t*>(clip.data());
  const std::vector<std::byte> file = wav_file(std::span(samples, clip.size()), rate);
  return {.medium = Medium::audio, .bytes = Tensor::copied(DType::u8, {std::ssize(file)}, file)};
}

/// Every window of every clip, in one batch.
TensorMap batch_of_windows(const Preprocessor& preprocessor, const std::vector<Field>& clips) {
  std::vector<Field> windows;
  for (const Field& clip : clips) {
    const std::size_t count = preprocessor.windows(std::span(&clip, 1), "a clip");
    for (std::size_t i = 0; i < count; ++i) {
      windows.push_back(clip);
      windows.back().window = static_cast<std::int64_t>(i);
    }
  }
  BatchInputs batch(preprocessor.inputs(), windows.size());
  for (std::size_t i = 0; i < windows.size(); ++i) {
    BatchInputs::Slots slots = batch.slots(i);
    (void)preprocessor.encode(std::span(&windows[i], 1), {.where = "a clip"}, slots);
  }
  return batch.collect(windows.size());
}

void expect_near(std::span<const float> found, const Tensor& wanted, float tolerance) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_NEAR(found[i], wanted.as<float>()[i], tolerance) << i;
}

Tensor value_of(Graph graph, const std::string& name, const TensorMap& inputs) {
  graph.outputs = {{.name = name, .dtype = DType::f32, .shape = infer_shapes(graph).at(name).shape}};
  return compile(graph, {})->run(inputs).at(name);
}

TEST(SoundNetworks, YamnetAnswersForEveryPatchAsTensorFlowDoes) {
  const Backbone backbone = load_backbone(kSpeech + "/yamnet/yamnet.h5");
  EXPECT_EQ(backbone.spec.architecture, "yamnet");
  EXPECT_EQ(backbone.left_out, std::vector<std::string>{"logits"});
  const StateDict golden = read_safetensors(kSpeech + "/yamnet/answers.safetensors");
  std::vector<Field> clips;
  for (int i = 0; i < 3; ++i) clips.push_back(golden_clip(golden, i, 16'000));
  const Tensor found =
      compile(backbone.graph, {})->run(batch_of_windows(*backbone.spec.preprocessor, clips)).at("pooled");
  std::size_t at = 0;
  for (int i = 0; i < 3; ++i) {
    const Tensor wanted = golden.at("embeddings." + std::to_string(i));
    ASSERT_LE(at + wanted.size(), found.size());
    expect_near(found.as<float>().subspan(at, wanted.size()), wanted, 1e-5F);
    at += wanted.size();
  }
  EXPECT_EQ(at, found.size()) << "as many patches";
}

TEST(SoundNetworks, YamnetHearsWhatItsFeaturesAre) {
  const Backbone backbone = load_backbone(kSpeech + "/yamnet/yamnet.h5");
  const StateDict golden = read_safetensors(kSpeech + "/yamnet/answers.safetensors");
  const Tensor found =
      value_of(backbone.graph, "mel", batch_of_windows(*backbone.spec.preprocessor, {golden_clip(golden, 1, 16'000)}));
  expect_near(found.as<float>(), golden.at("patch.1"), 7e-5F);  // of 6.9
}

TEST(SoundNetworks, PannsAnswersOfClipsOfAnyLengthInABatchAsPyTorchDoesOfEachAlone) {
  const Backbone backbone = load_backbone(kSpeech + "/panns/Cnn14.pth");
  EXPECT_EQ(backbone.spec.architecture, "panns_cnn14");
  EXPECT_EQ(backbone.left_out, std::vector<std::string>{"fc_audioset"});
  const StateDict golden = read_safetensors(kSpeech + "/panns/answers.safetensors");
  std::vector<Field> clips;
  for (int i = 0; i < 3; ++i) clips.push_back(golden_clip(golden, i, 32'000));
  const Tensor found =
      compile(backbone.graph, {})->run(batch_of_windows(*backbone.spec.preprocessor, clips)).at("pooled");
  for (int i = 0; i < 3; ++i) {
    const Tensor wanted = golden.at("embedding." + std::to_string(i));
    expect_near(found.as<float>().subspan(static_cast<std::size_t>(i) * wanted.size(), wanted.size()), wanted, 1e-5F);
  }
}

TEST(SoundNetworks, PannsHearsWhatItsFeaturesAre) {
  const Backbone backbone = load_backbone(kSpeech + "/panns/Cnn14.pth");
  const StateDict golden = read_safetensors(kSpeech + "/panns/answers.safetensors");
  const Tensor found =
      value_of(backbone.graph, "mel", batch_of_windows(*backbone.spec.preprocessor, {golden_clip(golden, 0, 32'000)}));
  const Tensor wanted = golden.at("features.0");  // (frames, mels) of (1, mels, 1, rows)
  const auto rows = static_cast<std::size_t>(found.shape()[3]), mels = static_cast<std::size_t>(found.shape()[1]);
  for (std::size_t frame = 0; frame < wanted.size() / mels; ++frame)
    for (std::size_t mel = 0; mel < mels; ++mel)
      ASSERT_NEAR(found.as<float>()[mel * rows + frame], wanted.as<float>()[frame * mels + mel], 1e-3F)  // of 100 dB
          << frame << " " << mel;
}

TEST(SoundNetworks, PannsTakesTheWavesThatItsFileHas) {
  testing::TemporaryDirectory folder;
  const StateDict golden = read_safetensors(kSpeech + "/panns/answers.safetensors");
  const std::vector<Field> clips{golden_clip(golden, 0, 32'000)};
  const auto answer_of = [&](const std::string& file) {
    const Backbone backbone = load_backbone(file);
    return compile(backbone.graph, {})->run(batch_of_windows(*backbone.spec.preprocessor, clips)).at("pooled");
  };
  StateDict whole = read_weights(kSpeech + "/panns/Cnn14.pth").tensors;
  const LogMel mel = PannsConfig().mel;
  const std::int64_t bins = mel.fft / 2 + 1;
  for (const auto& [name, waves] : {std::pair("real", log_mel_cosines(mel)), std::pair("imag", log_mel_sines(mel))}) {
    const std::vector<float> values(waves.begin(), waves.end());
    whole.set("spectrogram_extractor.stft.conv_" + std::string(name) + ".weight",
              Tensor::of<float>({bins, 1, mel.window}, std::span<const float>(values)));
  }
  const std::string file = (folder.path() / "Cnn14.safetensors").string();
  write_safetensors(file, whole, {});
  const Tensor found = answer_of(file), wanted = answer_of(kSpeech + "/panns/Cnn14.pth");
  for (std::size_t i = 0; i < wanted.size(); ++i)
    ASSERT_NEAR(found.as<float>()[i], wanted.as<float>()[i], 1e-4F * std::abs(wanted.as<float>()[i]) + 1e-5F) << i;
  whole.set("spectrogram_extractor.stft.conv_imag.weight",
            Tensor::of<float>({bins - 1, 1, mel.window}, std::span<const float>(std::vector<float>(512 * 1024))));
  write_safetensors(file, whole, {});
  EXPECT_THROW((void)load_backbone(file), Error) << "a bin less";
}

TEST(SoundNetworks, HearSilenceAndASingleSample) {
  for (const std::string file : {"/yamnet/yamnet.h5", "/panns/Cnn14.pth"}) {
    const Backbone backbone = load_backbone(kSpeech + file);
    std::vector<Field> clips;
    for (const std::vector<std::int16_t>& samples : {std::vector<std::int16_t>(9'000), std::vector<std::int16_t>{5}}) {
      const std::vector<std::byte> wav = wav_file(samples, 16'000);
      clips.push_back({.medium = Medium::audio, .bytes = Tensor::copied(DType::u8, {std::ssize(wav)}, wav)});
    }
    const TensorMap outputs = compile(backbone.graph, {})->run(batch_of_windows(*backbone.spec.preprocessor, clips));
    for (const float value : outputs.at("pooled").as<float>()) EXPECT_TRUE(std::isfinite(value)) << file;
  }
}

TEST(SoundNetworks, OfPannsWithOtherBlocksAreRefusedByName) {
  testing::TemporaryDirectory folder;
  StateDict fewer;
  for (const auto& [name, tensor] : load_backbone(kSpeech + "/panns/Cnn14.pth").graph.parameters)
    if (!name.starts_with("conv_block6") && !name.starts_with("mel.")) fewer.set(name, tensor);
  write_safetensors(folder.path() / "Cnn10.safetensors", fewer, {});
  try {
    (void)load_backbone((folder.path() / "Cnn10.safetensors").string());
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("other blocks than CNN14"), std::string::npos) << error.what();
  }
}

TEST(SoundNetworks, OfYamnetNameTensorsThatAreMissing) {
  testing::TemporaryDirectory folder;
  StateDict less;
  less.set("layer1/conv/kernel", Tensor::of<float>({3, 3, 1, 1}, std::span<const float>(std::vector<float>(9))));
  less.set("layer2/pointwise_conv/kernel",
           Tensor::of<float>({1, 1, 1, 1}, std::span<const float>(std::vector<float>(1))));
  write_safetensors(folder.path() / "yamnet.safetensors", less, {});
  try {
    (void)load_backbone((folder.path() / "yamnet.safetensors").string());
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("layer2.depthwise_conv.weight"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto
