#include "enxerto/heads/head.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/setting.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/training_only.h"
#include "enxerto/heads/head_kind.h"
#include "enxerto/heads/head_layers.h"

namespace enxerto {
namespace {

constexpr float kEpsilon = 1e-5F;
constexpr std::int64_t kMostUnits = std::int64_t{1} << 24;

[[noreturn]] void refuse_head(const char* field, std::string found, std::string expected) {
  throw usage_error(fmt::format("head: {}", field), std::move(found), std::move(expected));
}

void check_spec(const HeadSpec& spec) {
  for (const std::int64_t width : spec.hidden)
    if (width < 1 || width > kMostUnits)
      refuse_head("hidden", fmt::format("a layer of {} units", width), fmt::format("1 to {}", kMostUnits));
  check_number("head: dropout", spec.dropout, kBelowOne);
}

void check_classes(const HeadSpec& spec, std::int64_t classes) {
  const auto fail = [&](std::string expected) {
    refuse_head("output", fmt::format("'{}' with {} classes", spec.output, classes), std::move(expected));
  };
  if (spec.output == "sigmoid" && classes != 2) fail("two classes; 'softmax' for more");
  if (spec.output == "softmax" && classes < 2) fail("at least two classes");
  if (classes < 1 || classes > kMostUnits) fail(fmt::format("1 to {} classes", kMostUnits));
}

void check_features(const HeadFeatures& features) {
  const Value& value = features.value;
  const SymbolicShape& shape = value.shape;
  const bool floating = value.dtype == DType::f32 || value.dtype == DType::f64;
  const bool ranked = shape.size() >= 2 && shape.size() <= 4;
  const std::size_t channels = channel_dimension(shape);
  if (!floating || !ranked || shape[channels].is_symbolic() || shape[channels].size <= 0)
    refuse_head("features", fmt::format("'{}': {} {}", value.name, name_of(value.dtype), to_string(shape)),
                "float32 or float64 (batch, channels), (batch, channels, height, width) or (batch, tokens, channels)");
  if (features.mask &&
      (features.mask->shape.size() != 2 || shape.size() != 3 || features.mask->shape[1] != shape[3 - channels]))
    refuse_head("features", fmt::format("'{}': {}", features.mask->name, to_string(features.mask->shape)),
                fmt::format("(batch, tokens) as in '{}' {}", value.name, to_string(shape)));
}

std::string pooled(GraphBuilder& net, const std::string& x, const HeadPooling& pooling,
                   const std::optional<Value>& mask) {
  const SymbolicShape shape = net.shape_of(x);
  if (shape.size() == 2) return x;
  Unpooled features{.value = x, .channels = channel_dimension(shape)};
  if (mask && pooling.takes_mask) features.mask = net.input(mask->name, mask->shape, mask->dtype);
  const bool is_map = shape.size() == 4 && features.channels == 1;
  if (pooling.of_map == nullptr && shape.size() != 3)
    refuse_head("pool", fmt::format("'{}' of {}", pooling.name, to_string(shape)),
                "a sequence of tokens: (batch, tokens, channels)");
  if (pooling.keeps_tokens) return pooling.of_tokens(net, features);
  const std::string rows = is_map ? pooling.of_map(net, x) : pooling.of_tokens(net, features);
  if (net.shape_of(rows)[1].is_symbolic())
    refuse_head("pool", fmt::format("'{}' of {}", pooling.name, to_string(shape)), "features of fixed size");
  return rows;
}

/// Before dense layer number `layer`.
std::string dropped(GraphBuilder& net, const std::string& x, const HeadSpec& spec, std::size_t layer) {
  if (spec.dropout == 0) return x;
  const std::string ratio = net.constant(Tensor::scalar(static_cast<float>(spec.dropout)));
  return net.add("Dropout", fmt::format("head.dropout{}", layer), {x, ratio});
}

/// From pooled features to the last layer's numbers.
std::string logits_of(GraphBuilder& net, std::string x, const HeadSpec& spec, std::int64_t units) {
  const HeadActivation& activation = head_activation(spec.activation);
  const bool of_tokens = net.shape_of(x).size() > 2;
  const auto layer = [&](const std::string& rows, const std::string& name, std::int64_t out) {
    return of_tokens ? net.dense(rows, name, out) : net.linear(rows, name, out);
  };
  for (std::size_t i = 0; i < spec.hidden.size(); ++i) {
    if (i > 0) x = dropped(net, x, spec, i);
    x = layer(x, fmt::format("head.hidden{}", i), spec.hidden[i]);
    if (spec.batch_norm) x = net.batch_norm(x, fmt::format("head.norm{}", i), kEpsilon);
    x = activation.add(net, x, fmt::format("head.activation{}", i));
  }
  return layer(dropped(net, x, spec, spec.hidden.size()), "head", units);
}

/// "head.centres" (centres, width): no weight of a network that is saved.
std::string cosines_with_centres(GraphBuilder& net, const std::string& vectors, std::int64_t centres) {
  const std::int64_t width = net.shape_of(vectors).at(1).size;
  const std::string columns = net.add("Transpose", "head.centres.columns",
                                      {net.parameter("head.centres", {centres, width}, net.dtype_of(vectors))},
                                      {{"perm", std::vector<std::int64_t>{1, 0}}});
  const std::string unit =
      net.add("LpNormalization", "head.centres.unit", {columns}, {{"axis", std::int64_t{0}}, {"p", std::int64_t{2}}});
  return net.add("MatMul", "head.cosines", {vectors, unit});
}

void check_tokens(const HeadSpec& spec, const HeadPooling& pooling, const HeadOutput& output) {
  if (pooling.keeps_tokens && !output.of_tokens)
    refuse_head("output", fmt::format("'{}' of each token", spec.output),
                "span, ctc or linear, or a pool other than none");
  if (output.on_padding != nullptr && !pooling.keeps_tokens)
    refuse_head("pool", fmt::format("'{}' for the output '{}'", spec.pool, spec.output), "none");
  if (pooling.keeps_tokens && spec.batch_norm && !spec.hidden.empty())
    refuse_head("batch_norm", "of each token", "batch_norm = false where pool is none");
}

}  // namespace

std::size_t channel_dimension(const SymbolicShape& features) {
  std::vector<std::size_t> fixed;
  for (std::size_t i = 1; i < features.size(); ++i)
    if (!features[i].is_symbolic()) fixed.push_back(i);
  if (fixed.size() == 1) return fixed.front();
  return features.size() == 3 ? 2 : 1;
}

Blueprint pooled_network(const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes) {
  check_spec(spec);
  const HeadPooling& pooling = head_pooling(spec.pool);
  const HeadOutput& output = head_output(spec.output);
  check_classes(spec, classes);
  check_features(features);
  check_tokens(spec, pooling, output);
  GraphBuilder net("head");
  const std::string x = net.input(features.value.name, features.value.shape, features.value.dtype);
  net.stage(std::string(kHeadStage));
  const std::string row = pooled(net, x, pooling, features.mask);
  std::string logits = logits_of(net, row, spec, spec.output == "sigmoid" ? 1 : classes);
  if (output.on_padding != nullptr && features.mask)
    logits = output.on_padding(net, logits, net.input(features.mask->name, features.mask->shape, features.mask->dtype));
  const std::string probabilities = output.add(net, logits);
  if (spec.centres > 0) logits = cosines_with_centres(net, probabilities, spec.centres);
  net.output(logits, std::string(kHeadLogits)).output(probabilities, std::string(kHeadProbabilities));
  return std::move(net).finish();
}

Graph without_training_nodes(const Graph& graph) {
  Graph result = graph;
  result.nodes.clear();
  std::unordered_map<std::string, std::string> stands_for;
  for (Node node : graph.nodes) {
    for (std::string& input : node.inputs)
      if (const auto known = stands_for.find(input); known != stands_for.end()) input = known->second;
    if (is_training_only(node)) {
      const std::string& made = node.outputs.front();
      const bool is_output = std::any_of(graph.outputs.begin(), graph.outputs.end(),
                                         [&](const Value& output) { return output.name == made; });
      if (!is_output) {
        stands_for[made] = node.inputs.front();
        continue;
      }
      node = {node.name, "Identity", node.stage, {node.inputs.front()}, {made}, {}};
    }
    result.nodes.push_back(std::move(node));
  }
  return without_dead_nodes(result);
}

std::string summary(const HeadSpec& spec) {
  if (head_kind(spec.kind).takes_maps) {
    std::string text = spec.kind;
    if (!spec.hidden.empty()) text += fmt::format(" with towers of {}", fmt::join(spec.hidden, ", "));
    if (spec.batch_norm) text += ", batch norm";
    return spec.features.empty() ? text : fmt::format("{} on {}", text, fmt::join(spec.features, ", "));
  }
  std::string text = spec.pool;
  for (const std::int64_t width : spec.hidden)
    text += fmt::format(", {}{} {}", width, spec.batch_norm ? " batch norm" : "", spec.activation);
  if (spec.dropout > 0) text += fmt::format(", dropout {:g}", spec.dropout);
  return text + ", " + spec.output;
}

}  // namespace enxerto
