#include "enxerto/heads/head_layers.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

std::string flat(GraphBuilder& net, const std::string& x, const std::string& name) {
  return net.add("Flatten", name, {x}, {{"axis", std::int64_t{1}}});
}

std::string side_by_side(GraphBuilder& net, const std::string& a, const std::string& b) {
  return net.add("Concat", "head.pool", {a, b}, {{"axis", std::int64_t{1}}});
}

std::string average(GraphBuilder& net, const std::string& x) { return net.global_average_pool(x, "head.average"); }

std::string largest(GraphBuilder& net, const std::string& x) {
  return flat(net, net.add("GlobalMaxPool", "head.largest", {x}), "head.largest.flatten");
}

std::string all(GraphBuilder& net, const std::string& x) { return flat(net, x, "head.flatten"); }

std::string average_and_largest(GraphBuilder& net, const std::string& x) {
  return side_by_side(net, average(net, x), largest(net, x));
}

/// Over every dimension but the first and the channels.
std::string reduced(GraphBuilder& net, const Unpooled& like, const std::string& x, const char* op, const char* name) {
  Ints axes;
  for (std::size_t i = 1; i < net.shape_of(like.value).size(); ++i)
    if (i != like.channels) axes.push_back(static_cast<std::int64_t>(i));
  const auto count = static_cast<std::int64_t>(axes.size());
  return net.add(op, name, {x, net.constant(Tensor::of<std::int64_t>({count}, std::span<const std::int64_t>(axes)))},
                 {{"keepdims", std::int64_t{0}}});
}

/// A number of the same type.
std::string number_like(GraphBuilder& net, const std::string& x, float value) {
  return net.constant(net.dtype_of(x) == DType::f64 ? Tensor::scalar(static_cast<double>(value))
                                                    : Tensor::scalar(value));
}

// Types as the operator Cast numbers them.
constexpr std::int64_t kFloat32 = 1, kInt64 = 7, kBoolean = 9, kFloat64 = 11;

/// (batch, tokens) of the features' type, with a channel of their own.
std::string beside_channels(GraphBuilder& net, const Unpooled& x, const std::string& tokens, const char* name) {
  const DType dtype = net.dtype_of(x.value);
  const std::string cast = net.dtype_of(tokens) == dtype ? tokens
                                                         : net.add("Cast", std::string(name) + ".cast", {tokens},
                                                                   {{"to", dtype == DType::f64 ? kFloat64 : kFloat32}});
  const auto axis = static_cast<std::int64_t>(x.channels);
  return net.add("Unsqueeze", name, {cast, net.constant(Tensor::of<std::int64_t>({1}, {axis}))});
}

/// The mean of what counts; 0 where nothing does.
std::string token_average(GraphBuilder& net, const Unpooled& x) {
  if (x.mask.empty()) return reduced(net, x, x.value, "ReduceMean", "head.average");
  const std::string mask = beside_channels(net, x, x.mask, "head.average.mask");
  const std::string kept = net.add("Mul", "head.average.kept", {x.value, mask});
  const std::string count = reduced(net, x, mask, "ReduceSum", "head.count");
  const std::string at_least_one = net.add("Max", "head.divisor", {count, number_like(net, count, 1)});
  return net.add("Div", "head.average", {reduced(net, x, kept, "ReduceSum", "head.sum"), at_least_one});
}

/// The largest of what counts: the rest is far below it.
std::string token_largest(GraphBuilder& net, const Unpooled& x) {
  if (x.mask.empty()) return reduced(net, x, x.value, "ReduceMax", "head.largest");
  constexpr float kFar = 1e30F;
  const std::string mask = beside_channels(net, x, x.mask, "head.largest.mask");
  const std::string rest = net.add("Sub", "head.rest", {mask, number_like(net, mask, 1)});
  const std::string far = net.add("Mul", "head.far", {rest, number_like(net, rest, kFar)});
  return reduced(net, x, net.add("Add", "head.nearby", {x.value, far}), "ReduceMax", "head.largest");
}

std::string token_average_and_largest(GraphBuilder& net, const Unpooled& x) {
  return side_by_side(net, token_average(net, x), token_largest(net, x));
}

/// The first or the last token that counts, with padding behind the tokens or before them.
std::string one_token(GraphBuilder& net, const Unpooled& x, bool last) {
  const auto tokens = static_cast<std::int64_t>(3 - x.channels);
  if (x.mask.empty())
    return net.add("Gather", "head.token", {x.value, net.constant(Tensor::scalar<std::int64_t>(last ? -1 : 0))},
                   {{"axis", tokens}});
  // Counted in whole numbers, which are exact in any precision of the rest.
  const std::string mask = net.add("Cast", "head.counts", {x.mask}, {{"to", kInt64}});
  const std::string axis = net.constant(Tensor::of<std::int64_t>({1}, {1}));
  const std::string number = net.add("CumSum", "head.number", {mask, net.constant(Tensor::scalar<std::int64_t>(1))});
  const std::string wanted = last ? net.add("ReduceSum", "head.length", {mask, axis}) : axis;
  const std::string reached = net.add("Equal", "head.reached", {number, wanted});
  const std::string counts = net.add("Cast", "head.counts.true", {mask}, {{"to", kBoolean}});
  const std::string chosen = net.add("And", "head.chosen", {reached, counts});
  const std::string kept = net.add("Mul", "head.kept", {x.value, beside_channels(net, x, chosen, "head.choice")});
  return reduced(net, x, kept, "ReduceSum", "head.token");
}

std::string first_token(GraphBuilder& net, const Unpooled& x) { return one_token(net, x, false); }

std::string last_token(GraphBuilder& net, const Unpooled& x) { return one_token(net, x, true); }

/// Scaled to length 1, as sentence-transformers does.
template <std::string (*pool)(GraphBuilder&, const Unpooled&)>
std::string unit(GraphBuilder& net, const Unpooled& x) {
  return net.add("LpNormalization", "head.unit", {pool(net, x)}, {{"axis", std::int64_t{-1}}, {"p", std::int64_t{2}}});
}

template <std::string (*pool)(GraphBuilder&, const std::string&)>
std::string unit_map(GraphBuilder& net, const std::string& x) {
  return net.add("LpNormalization", "head.unit", {pool(net, x)}, {{"axis", std::int64_t{-1}}, {"p", std::int64_t{2}}});
}

std::string every_token(GraphBuilder& net, const Unpooled& x) {
  if (x.channels == 2) return x.value;
  return net.add("Transpose", "head.tokens", {x.value}, {{"perm", Ints{0, 2, 1}}});
}

/// ULMFiT's (Howard, Ruder 2018): the last state beside the mean and the largest of all.
std::string last_average_and_largest(GraphBuilder& net, const Unpooled& x) {
  return net.add("Concat", "head.pool", {last_token(net, x), token_average(net, x), token_largest(net, x)},
                 {{"axis", std::int64_t{1}}});
}

std::string all_tokens(GraphBuilder& net, const Unpooled& x) { return all(net, x.value); }

constexpr std::array kPoolings{
    HeadPooling{"avg", average, token_average},
    HeadPooling{"max", largest, token_largest},
    HeadPooling{"flatten", all, all_tokens, false},
    HeadPooling{"concat", average_and_largest, token_average_and_largest},
    HeadPooling{"first", nullptr, first_token},
    HeadPooling{"last", nullptr, last_token},
    HeadPooling{"last_avg_max", nullptr, last_average_and_largest},
    HeadPooling{"avg_unit", unit_map<average>, unit<token_average>},
    HeadPooling{"max_unit", unit_map<largest>, unit<token_largest>},
    HeadPooling{"first_unit", nullptr, unit<first_token>},
    HeadPooling{"last_unit", nullptr, unit<last_token>},
    HeadPooling{"none", nullptr, every_token, false, true},
};

std::string silu(GraphBuilder& net, const std::string& x, const std::string& node) {
  return net.add("Mul", node, {x, net.add("Sigmoid", node + ".sigmoid", {x})});
}

constexpr std::array kActivations{
    HeadActivation{"relu", "Relu"},       HeadActivation{"gelu", "Gelu"},   HeadActivation{"tanh", "Tanh"},
    HeadActivation{"sigmoid", "Sigmoid"}, HeadActivation{"silu", "", silu}, HeadActivation{"elu", "Elu"},
    HeadActivation{"none", ""},
};

std::string softmax(GraphBuilder& net, const std::string& logits) {
  return net.add("Softmax", "head.softmax", {logits}, {{"axis", std::int64_t{1}}});
}

std::string softmax_of_each(GraphBuilder& net, const std::string& logits) {
  return net.add("Softmax", "head.softmax", {logits}, {{"axis", std::int64_t{-1}}});
}

/// 1 - p as the sigmoid of the negative: small ones keep their digits.
std::string two_classes(GraphBuilder& net, const std::string& logits) {
  const std::string first = net.add("Sigmoid", "head.sigmoid0", {net.add("Neg", "head.negative", {logits})});
  const std::string second = net.add("Sigmoid", "head.sigmoid1", {logits});
  return net.add("Concat", "head.sigmoid", {first, second}, {{"axis", std::int64_t{1}}});
}

std::string each_by_itself(GraphBuilder& net, const std::string& logits) {
  return net.add("Sigmoid", "head.sigmoid", {logits});
}

/// Vectors of length 1.
std::string unit_rows(GraphBuilder& net, const std::string& logits) {
  return net.add("LpNormalization", "head.vector", {logits}, {{"axis", std::int64_t{1}}, {"p", std::int64_t{2}}});
}

std::string values(GraphBuilder& net, const std::string& logits) {
  return net.add("Identity", "head.values", {logits});
}

constexpr std::array kOutputs{
    HeadOutput{"softmax", softmax},
    HeadOutput{"sigmoid", two_classes},
    HeadOutput{"multi_label", each_by_itself},
    HeadOutput{"linear", values, true},
    HeadOutput{"span", values, true, below_on_padding},
    HeadOutput{"unit", unit_rows},
    HeadOutput{"ctc", softmax_of_each, true, blank_on_padding},
};

template <typename Rows>
std::vector<std::string> names_of(const Rows& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(row.name);
  return names;
}

template <typename Rows>
const auto& row_named(const Rows& rows, std::string_view name, const char* field) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& known) { return known.name == name; });
  if (row != rows.end()) return *row;
  const std::vector<std::string> names = names_of(rows);
  throw usage_error(fmt::format("head: {}", field), fmt::format("'{}' is not known{}", name, did_you_mean(name, names)),
                    fmt::format("{}", fmt::join(names, ", ")));
}

}  // namespace

std::string below_on_padding(GraphBuilder& net, const std::string& logits, const std::string& mask) {
  const std::string counts = beside_channels(net, {.value = logits, .channels = 2}, mask, "head.padding");
  const std::string rest = net.add("Sub", "head.padding.rest", {counts, number_like(net, counts, 1)});
  const std::string below = net.add("Mul", "head.padding.below", {rest, number_like(net, rest, kFarBelow)});
  const std::string kept = net.add("Mul", "head.padding.kept", {logits, counts});
  return net.add("Add", "head.padding.apart", {kept, below});
}

std::string blank_on_padding(GraphBuilder& net, const std::string& logits, const std::string& mask) {
  const std::string counts = beside_channels(net, {.value = logits, .channels = 2}, mask, "head.padding");
  const std::string rest = net.add("Sub", "head.padding.rest", {counts, number_like(net, counts, 1)});
  std::vector<float> others(to_size(net.shape_of(logits).back().size), 1);
  others.front() = 0;
  const std::string units = net.constant(Tensor::of<float>({std::ssize(others)}, std::span<const float>(others)));
  const std::string far = net.add("Mul", "head.padding.far", {rest, number_like(net, rest, kFarBelow)});
  const std::string below = net.add(
      "Mul", "head.padding.below",
      {far,
       net.dtype_of(rest) == DType::f32 ? units : net.add("Cast", "head.padding.units", {units}, {{"to", kFloat64}})});
  const std::string kept = net.add("Mul", "head.padding.kept", {logits, counts});
  return net.add("Add", "head.padding.apart", {kept, below});
}

std::string HeadActivation::add(GraphBuilder& net, const std::string& x, const std::string& node) const {
  if (write != nullptr) return write(net, x, node);
  return op.empty() ? x : net.add(std::string(op), node, {x});
}

const HeadPooling& head_pooling(std::string_view name) { return row_named(kPoolings, name, "pool"); }

const HeadActivation& head_activation(std::string_view name) { return row_named(kActivations, name, "activation"); }

const HeadOutput& head_output(std::string_view name) { return row_named(kOutputs, name, "output"); }

std::vector<std::string> head_pooling_names() { return names_of(kPoolings); }

std::vector<std::string> head_activation_names() { return names_of(kActivations); }

std::vector<std::string> head_output_names() { return names_of(kOutputs); }

}  // namespace enxerto
