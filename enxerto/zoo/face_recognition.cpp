#include "enxerto/zoo/face_recognition.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/graph/builder.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

std::int64_t size_at(const GraphBuilder& net, const std::string& value, std::size_t axis) {
  return net.shape_of(value)[axis].size;
}

/// `x` with zeros behind its channels, rows and columns, as many as `like` has.
std::string grown_to(GraphBuilder& net, const std::string& x, const std::string& like, const std::string& name) {
  Ints more(8, 0);
  for (std::size_t axis = 1; axis < 4; ++axis)
    more[4 + axis] = std::max<std::int64_t>(size_at(net, like, axis) - size_at(net, x, axis), 0);
  if (std::ranges::all_of(more, [](std::int64_t places) { return places == 0; })) return x;
  return net.add("Pad", name, {x, net.integers(more)});
}

/// Two convolutions beside what they are put on: the input itself or, where the map becomes smaller, its mean over 2 x
/// 2 places. Whichever is smaller grows by zeros.
std::string face_block(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t out, bool down) {
  std::string y = net.conv(x, {.name = name + ".conv1",
                               .out = out,
                               .kernel = 3,
                               .stride = down ? 2 : 1,
                               .padding = down ? Padding::valid : Padding::same,
                               .bias = true});
  y = net.conv(net.relu(y, name + ".relu1"),
               {.name = name + ".conv2", .out = out, .kernel = 3, .padding = Padding::same, .bias = true});
  std::string beside = x;
  if (down) {
    beside = net.add("AveragePool", name + ".mean", {x}, {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}});
    y = grown_to(net, y, beside, name + ".grown");
    beside = grown_to(net, beside, y, name + ".mean.grown");
  }
  return net.relu(net.add("Add", name + ".sum", {beside, y}), name);
}

}  // namespace

Blueprint face_recognition(const FaceRecognitionConfig& config) {
  GraphBuilder net("face_recognition");
  std::string x = net.input("input", {"batch", 3, config.size, config.size});
  net.stage("stem");
  x = net.relu(net.conv(x, {.name = "conv32_down", .out = 32, .kernel = 7, .stride = 2, .bias = true}), "stem.relu");
  x = net.add("MaxPool", "stem", {x}, {{"kernel_shape", Ints{3, 3}}, {"strides", Ints{2, 2}}});
  std::int64_t stage = 1;
  for (const auto& [out, plain] : {std::pair<std::int64_t, int>{32, 3}, {64, 3}, {128, 2}, {256, 2}}) {
    net.stage(fmt::format("layer{}", stage++));
    if (out > 32) x = face_block(net, x, fmt::format("conv{}_down", out), out, true);
    for (int i = 1; i <= plain; ++i) x = face_block(net, x, fmt::format("conv{}_{}", out, i), out, false);
  }
  x = face_block(net, x, "conv256_down_out", 256, true);
  net.stage("vector");
  x = net.global_average_pool(x, "pool");
  const std::string weight = net.parameter("fc.weight", {config.width, 256});
  net.output(net.add("Gemm", "fc", {x, weight}, {{"transB", std::int64_t{1}}}), "descriptor");
  return std::move(net).finish();
}

}  // namespace enxerto
