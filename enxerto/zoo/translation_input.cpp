#include "enxerto/zoo/translation_input.h"

#include <cmath>
#include <vector>

#include "enxerto/zoo/transformer_layers.h"

namespace enxerto {
namespace {

constexpr std::int64_t kToFloat = 1, kToInteger = 7;  // of ONNX's Cast
constexpr float kLowest = -3.3895313892515355e38F;    // as of `attention_mask`

}  // namespace

DecoderInput decoder_input(GraphBuilder& net) {
  DecoderInput input{.ids = net.input(kDecoderIds, {"batch", "words"}, DType::i64)};
  const auto number = [&](std::int64_t value) { return net.constant(Tensor::scalar<std::int64_t>(value)); };
  const std::string same = net.add("Equal", "decoder.each", {input.ids, input.ids});
  const std::string one = net.add("Cast", "decoder.one", {same}, {{"to", kToInteger}});
  input.positions =
      net.add("Sub", kDecoderPositions, {net.add("CumSum", "decoder.count", {one, number(1)}), number(1)});
  input.of = net.add("Unsqueeze", "decoder.of", {input.positions, net.integers({1, 2})});
  input.from = net.add("Unsqueeze", "decoder.from", {input.positions, net.integers({1, 3})});
  const std::string seen = net.add("LessOrEqual", "decoder.seen", {input.of, input.from});
  input.causal = net.add("Where", "decoder.mask",
                         {seen, net.constant(Tensor::scalar(0.0F)), net.constant(Tensor::scalar(kLowest))});
  return input;
}

std::string sinusoids(GraphBuilder& net, const std::string& positions, const std::string& name, std::int64_t width,
                      bool to_the_end) {
  const std::int64_t half = width / 2;
  std::vector<float> frequencies;
  for (std::int64_t i = 0; i < half; ++i) {
    const auto steps = static_cast<double>(to_the_end ? half - 1 : half);
    frequencies.push_back(static_cast<float>(std::pow(10000.0, -static_cast<double>(i) / steps)));
  }
  const std::string cast = net.add("Cast", name + ".numbers", {positions}, {{"to", kToFloat}});
  const std::string column = net.add("Unsqueeze", name + ".column", {cast, net.integers({2})});
  const std::string angles =
      net.add("Mul", name + ".angles", {column, net.constant(Tensor::of<float>({1, 1, half}, frequencies))});
  return net.add("Concat", name, {net.add("Sin", name + ".sine", {angles}), net.add("Cos", name + ".cosine", {angles})},
                 {{"axis", std::int64_t{-1}}});
}

std::string ssru(GraphBuilder& net, const std::string& x, const std::string& scope, const DecoderInput& input) {
  const std::int64_t width = net.shape_of(x).back().size;
  const std::string gate = net.dense(x, scope + "rnn.gate", width);
  const std::string forget = net.add("Sigmoid", scope + kForget, {gate});
  const std::string kept = net.add("Sub", scope + "rnn.new", {net.constant(Tensor::scalar(1.0F)), forget});
  const std::string candidate =
      net.add("Mul", scope + kCandidate, {kept, dense(net, x, scope + "rnn.input", width, false)});
  // log f = -softplus(-gate)
  const std::string soft = net.add("Softplus", scope + "rnn.soft", {net.add("Neg", scope + "rnn.negative", {gate})});
  const std::string sums = net.add("CumSum", scope + "rnn.sums", {soft, net.constant(Tensor::scalar<std::int64_t>(1))});
  const std::string to = net.add("Unsqueeze", scope + "rnn.to", {sums, net.integers({2})});
  const std::string from = net.add("Unsqueeze", scope + "rnn.from", {sums, net.integers({1})});
  const std::string logarithm = net.add("Sub", scope + "rnn.logarithm", {from, to});
  // (batch, 1, to, from) -> (batch, to, from, 1); what is behind a word is so low that its exponential is 0.
  const std::string seen =
      net.add("Transpose", scope + "rnn.seen", {input.causal}, {{"perm", std::vector<std::int64_t>{0, 2, 3, 1}}});
  const std::string past = net.add("Min", scope + "rnn.past", {logarithm, net.constant(Tensor::scalar(0.0F))});
  const std::string decay = net.add("Exp", scope + "rnn.decay", {net.add("Add", scope + "rnn.masked", {past, seen})});
  const std::string values = net.add("Unsqueeze", scope + "rnn.values", {candidate, net.integers({1})});
  const std::string cell =
      net.add("ReduceSum", scope + kCell, {net.add("Mul", scope + "rnn.decayed", {decay, values}), net.integers({2})},
              {{"keepdims", std::int64_t{0}}});
  return net.relu(cell, scope + "rnn.output");
}

}  // namespace enxerto
