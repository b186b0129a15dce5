#include "enxerto/zoo/speaker_encoder.h"

#include <gtest/gtest.h>

#include "enxerto/graph/cut.h"

namespace enxerto {
namespace {

TEST(SpeakerEncoder, CanBeCutBeforeEachStage) {
  Blueprint network = speaker_encoder({});
  for (const ParameterSpec& one : network.parameters)
    network.graph.parameters.set(one.name, TensorBuffer(one.dtype, one.shape).freeze());
  const std::vector<std::string> stages = network.graph.stages();
  ASSERT_GE(stages.size(), 5U);
  for (const std::string& stage : stages) {
    if (stage == stages.front()) continue;
    for (const Value& crossing : cut(network.graph, stage).prefix.outputs)
      EXPECT_TRUE(crossing.shape.front().is_symbolic())
          << stage << ": " << crossing.name << " does not begin with the examples";
  }
}

}  // namespace
}  // namespace enxerto
