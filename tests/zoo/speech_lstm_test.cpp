#include "enxerto/zoo/speech_lstm.h"

#include <gtest/gtest.h>

#include "enxerto/graph/cut.h"
#include "enxerto/graph/infer.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

TEST(SpeechLstm, GivesAStateForEachRowOfSamples) {
  for (const SoundArchitecture& row : sound_architectures()) {
    const Blueprint blueprint = row.make();
    EXPECT_EQ(blueprint.graph.stages(), (std::vector<std::string>{"log_mel", "conv0", "conv1", "lstm0", "lstm1"}));
    EXPECT_EQ(infer_shapes(blueprint).at("states").shape, (SymbolicShape{"batch", "frames", 256}));
    EXPECT_EQ(blueprint.graph.inputs.at(0).shape, (SymbolicShape{"batch", "frames", row.step}));
    for (const auto& [name, tensor] : row.constants()) {
      const auto spec = std::ranges::find(blueprint.parameters, name, &ParameterSpec::name);
      ASSERT_NE(spec, blueprint.parameters.end()) << name;
      EXPECT_EQ(spec->shape, tensor.shape()) << name;
      EXPECT_EQ(spec->role, Role::constant) << name << ": nothing learns it";
    }
  }
  EXPECT_EQ(find_sound_architecture("speech"), nullptr);
}

TEST(SpeechLstm, IsCutBehindItsFrontEndAtFrames) {
  const Blueprint blueprint = find_sound_architecture("speech_lstm_8khz")->make();
  const Halves halves = cut_at_frontier(blueprint.fill(formula::weights(blueprint)), "conv0");
  const auto crosses = [&](const SymbolicShape& shape) {
    return std::ranges::any_of(halves.suffix.inputs, [&](const Value& input) { return input.shape == shape; });
  };
  EXPECT_TRUE(crosses({"batch", "frames", 128}) || crosses({"batch", 128, "frames"}));
  EXPECT_FALSE(crosses({"batch", "frames", 160})) << "samples do not cross";
}

}  // namespace
}  // namespace enxerto
