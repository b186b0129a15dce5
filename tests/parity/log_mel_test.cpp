#include "enxerto/zoo/log_mel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "enxerto/engine/executor.h"
#include "enxerto/weights/safetensors.h"

namespace enxerto {
namespace {

/// The golden of tools/golden/log_mel.py.
void expect_as_librosa(std::int64_t rate) {
  const StateDict golden = read_safetensors(ENXERTO_TEST_DATA "/media/log_mel.safetensors");
  const Tensor& samples = golden.at("samples." + std::to_string(rate));
  const Tensor& picture = golden.at("picture." + std::to_string(rate));
  const LogMel spec = log_mel_at(rate);
  GraphBuilder net("log_mel");
  const std::string input = net.input("samples", {"batch", samples.shape()[0]});
  net.stage("log_mel");
  net.output(log_mel(net, input, spec), "picture");
  const Graph graph = std::move(net).finish().fill(log_mel_parameters(spec));
  EXPECT_EQ(spec.frames(samples.shape()[0]), picture.shape()[1]);
  const std::shared_ptr<Executor> executor = compile(graph, {});
  const Tensor found = executor->run(samples.reshaped({1, samples.shape()[0]}));
  ASSERT_EQ(found.shape(), (Shape{1, 1, picture.shape()[0], picture.shape()[1]}));
  const auto expected = picture.as<float>(), values = found.as<float>();
  const auto [least, most] = std::ranges::minmax(expected);
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_NEAR(values[i], expected[i], 1e-5 * std::max(std::abs(least), std::abs(most))) << rate << " " << i;
}

TEST(LogMel, IsLibrosasAtSixteenKilohertz) { expect_as_librosa(16'000); }
TEST(LogMel, IsLibrosasAtEightKilohertz) { expect_as_librosa(8'000); }
TEST(LogMel, IsLibrosasAtARateWhoseWindowsAreNoWholeNumbers) { expect_as_librosa(11'025); }

}  // namespace
}  // namespace enxerto
