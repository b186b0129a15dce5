#include "enxerto/zoo/speaker_encoder.h"

#include <gtest/gtest.h>

#include <string>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/pretrained/speaker_backbone.h"
#include "enxerto/weights/safetensors.h"

namespace enxerto {
namespace {

/// That of tools/golden/speaker_encoder.py.
StateDict golden_of_voices() { return read_safetensors(ENXERTO_TEST_DATA "/pretrained/speaker_encoder.safetensors"); }

StateDict tensors_of_voices() {
  StateDict tensors;
  for (const auto& [name, tensor] : golden_of_voices())
    if (name.starts_with("lstm.") || name.starts_with("linear.")) tensors.set(name, tensor);
  return tensors;
}

TEST(SpeakerEncoder, IsResemblyzers) {
  const StateDict golden = golden_of_voices(), tensors = tensors_of_voices();
  EXPECT_TRUE(is_speaker_encoder(tensors));
  SpeakerEncoderConfig config{.frames = 20};
  const StateDict parameters = speaker_parameters(tensors, config, "golden");
  EXPECT_EQ(config.layers, 3);
  ASSERT_EQ(config.samples(), golden.at("samples").shape()[1]);
  const auto executor = compile(speaker_encoder(config).fill(parameters), {.threads = 1});
  const Tensor voice = executor->run(golden.at("samples"));
  ASSERT_EQ(voice.shape(), (Shape{2, 6}));
  for (std::size_t i = 0; i < voice.size(); ++i)
    EXPECT_NEAR(voice.as<float>()[i], golden.at("voice").as<float>()[i], 1e-5) << i;
}

TEST(SpeakerEncoder, IsNotTakenForAnotherRecurrentNetwork) {
  StateDict tensors = tensors_of_voices();
  tensors.set("embedding.weight", Tensor::of<float>({2, 2}, {1, 2, 3, 4}));
  EXPECT_FALSE(is_speaker_encoder(tensors));
}

TEST(SpeakerEncoder, OfTensorsThatDoNotFitIsRefused) {
  StateDict tensors = tensors_of_voices();
  tensors.set("lstm.weight_ih_l1", tensors.at("lstm.weight_ih_l0"));
  SpeakerEncoderConfig config;
  EXPECT_THROW((void)speaker_parameters(tensors, config, "golden"), Error);
}

}  // namespace
}  // namespace enxerto
