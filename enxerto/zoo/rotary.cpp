#include "enxerto/zoo/rotary.h"

#include <vector>

namespace enxerto {
namespace {

constexpr std::int64_t kFloat32 = 1;  // of ONNX's Cast

/// Numbers `first` to `end` - 1 of the last dimension.
std::string slice(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t first,
                  std::int64_t end) {
  return net.add("Slice", name, {x, net.integers({first}), net.integers({end}), net.integers({3}), net.integers({1})});
}

}  // namespace

Rotary rotary(GraphBuilder& net, const std::string& positions, std::span<const float> frequencies) {
  const auto half = static_cast<std::int64_t>(frequencies.size());
  const std::string cast = net.add("Cast", "rotary.positions", {positions}, {{"to", kFloat32}});
  const std::string column = net.add("Unsqueeze", "rotary.column", {cast, net.integers({1, 3})});
  const std::string angles =
      net.add("Mul", "rotary.half", {column, net.constant(Tensor::of<float>({1, 1, 1, half}, frequencies))});
  const std::string both = net.add("Concat", "rotary.angles", {angles, angles}, {{"axis", std::int64_t{-1}}});
  return {.cosine = net.add("Cos", "rotary.cosine", {both}),
          .sine = net.add("Sin", "rotary.sine", {both}),
          .width = 2 * half};
}

std::string rotated(GraphBuilder& net, const std::string& x, const Rotary& rotary) {
  if (rotary.cosine.empty()) return x;
  const std::int64_t width = net.shape_of(x).back().size, half = rotary.width / 2;
  const bool whole = rotary.width == width;
  const std::string turning = whole ? x : slice(net, x, x + ".turning", 0, rotary.width);
  const std::string first = slice(net, turning, x + ".first", 0, half);
  const std::string second = slice(net, turning, x + ".second", half, rotary.width);
  const std::string across = net.add("Concat", x + ".across", {net.add("Neg", x + ".negative", {second}), first},
                                     {{"axis", std::int64_t{-1}}});
  const std::string turned = net.add(
      "Add", x + ".turned",
      {net.add("Mul", x + ".along", {turning, rotary.cosine}), net.add("Mul", x + ".aside", {across, rotary.sine})});
  if (whole) return turned;
  return net.add("Concat", x + ".rotated", {turned, slice(net, x, x + ".kept", rotary.width, width)},
                 {{"axis", std::int64_t{-1}}});
}

}  // namespace enxerto
