#include "enxerto/zoo/token_input.h"

#include <vector>

namespace enxerto {
namespace {

constexpr std::int64_t kBoolean = 9;  // of ONNX's Cast
constexpr float kLowest =
    -3.3895313892515355e38F;  // float32's own would be infinite in bfloat16, and 0 times it no number

}  // namespace

TokenInput token_input(GraphBuilder& net) {
  TokenInput input;
  input.ids = net.input("input_ids", {"batch", "tokens"}, DType::i64);
  input.mask = net.input(kTokenMask, {"batch", "tokens"}, DType::i64);
  const std::string count =
      net.add("CumSum", "positions.count", {input.mask, net.constant(Tensor::scalar<std::int64_t>(1))});
  const std::string number = net.add("Sub", "positions.number", {count, net.constant(Tensor::scalar<std::int64_t>(1))});
  // Padding before the first token, and a row of padding alone.
  input.positions = net.add("Max", "positions", {number, net.constant(Tensor::scalar<std::int64_t>(0))});
  return input;
}

std::string attention_mask(GraphBuilder& net, const TokenInput& input, bool causal) {
  const std::string counts = net.add("Cast", "mask.counts", {input.mask}, {{"to", kBoolean}});
  std::string seen = net.add("Unsqueeze", "mask.seen", {counts, net.integers({1, 2})});
  if (causal) {
    const std::string of = net.add("Unsqueeze", "mask.of", {input.positions, net.integers({1, 2})});
    const std::string from = net.add("Unsqueeze", "mask.from", {input.positions, net.integers({1, 3})});
    seen = net.add("And", "mask.causal", {seen, net.add("LessOrEqual", "mask.before", {of, from})});
  }
  return net.add("Where", "mask", {seen, net.constant(Tensor::scalar(0.0F)), net.constant(Tensor::scalar(kLowest))});
}

std::string embedding(GraphBuilder& net, const std::string& numbers, const std::string& name, std::int64_t rows,
                      std::int64_t width) {
  return net.add("Gather", name, {net.parameter(name + ".weight", {rows, width}), numbers},
                 {{"axis", std::int64_t{0}}});
}

}  // namespace enxerto
