#include "enxerto/zoo/face_landmarks.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/graph/builder.h"
#include "enxerto/zoo/separable_conv.h"

namespace enxerto {
namespace {

/// Each convolution sees what is above 0 of the sum of all before it.
std::string dense_block(GraphBuilder& net, std::string x, const std::string& name, std::int64_t out, int convolutions) {
  std::string sum;
  for (int i = 0; i < convolutions; ++i) {
    const std::string conv = fmt::format("{}.conv{}", name, i);
    const std::int64_t stride = i == 0 ? 2 : 1;
    const bool first = net.shape_of(x)[1].size == 3;
    const std::string y = first ? net.conv(x, {.name = conv,
                                               .out = out,
                                               .kernel = 3,
                                               .stride = stride,
                                               .padding = Padding::same,
                                               .bias = true})
                                : separable_conv(net, x, conv, out, stride);
    x = net.relu(i == 0 ? y : net.add("Add", conv + ".sum", {sum, y}), conv + ".relu");
    sum = i == 0 ? x : conv + ".sum";
  }
  return x;
}

}  // namespace

Blueprint face_landmarks(const FaceLandmarksConfig& config) {
  GraphBuilder net(config.tiny ? "face_landmarks_tiny" : "face_landmarks");
  std::string x = net.input("input", {"batch", 3, config.size, config.size});
  const int blocks = config.tiny ? 3 : 4;
  for (int i = 0; i < blocks; ++i) {
    const std::string name = fmt::format("dense{}", i);
    net.stage(name);
    x = dense_block(net, x, name, std::int64_t{32} << i, blocks);
  }
  net.stage("head");
  net.output(net.linear(net.global_average_pool(x, "pool"), "fc", 136), "points");
  return std::move(net).finish();
}

}  // namespace enxerto
