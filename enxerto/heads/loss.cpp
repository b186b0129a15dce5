#include "enxerto/heads/loss.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/setting.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/heads/loss_writer.h"
#include "enxerto/heads/written_words_head.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse_loss(const char* field, std::string found, std::string expected, std::string tip = "") {
  throw usage_error(fmt::format("loss: {}", field), std::move(found), std::move(expected), std::move(tip));
}

auto loss_families() {
  return std::array{categorical_losses(), binary_losses(),        regression_losses(), box_losses(),    token_losses(),
                    next_token_losses(),  written_words_losses(), pixel_losses(),      vector_losses(), ctc_losses()};
}

const LossKind& kind_named(std::string_view name) {
  for (const auto& family : loss_families())
    for (const LossKind& kind : family)
      if (kind.name == name) return kind;
  const std::vector<std::string> names = loss_kinds();
  refuse_loss("kind", fmt::format("'{}' is not known{}", name, did_you_mean(name, names)),
              fmt::format("{}", fmt::join(names, ", ")));
}

void check_numbers(const LossSpec& spec) {
  if (!(spec.label_smoothing >= 0 && spec.label_smoothing < 1))
    refuse_loss("label_smoothing", fmt::format("{}", spec.label_smoothing), "at least 0, below 1");
  check_number("loss: focal_gamma", spec.focal_gamma, kNotNegative);
  if (!(spec.focal_alpha <= 1)) refuse_loss("focal_alpha", fmt::format("{}", spec.focal_alpha), "at most 1");
  check_number("loss: huber_delta", spec.huber_delta, kAboveZero);
  check_number("loss: margin", spec.margin, kNotNegative);
  check_number("loss: scale", spec.scale, kAboveZero);
  for (const double weight : spec.class_weights) check_number("loss: class_weights", weight, kNotNegative);
}

bool is_floating(const Value& logits) { return logits.dtype == DType::f32 || logits.dtype == DType::f64; }

void check_pixels(const LossSpec& spec, const Value& logits) {
  const SymbolicShape& shape = logits.shape;
  if (!is_floating(logits) || shape.size() != 4 || shape[1].is_symbolic() || shape[1].size < 1)
    refuse_loss("logits", fmt::format("'{}': {} {}", logits.name, name_of(logits.dtype), to_string(shape)),
                "float32 or float64 (batch, classes, rows, columns)");
  if (spec.pixels[0] < 1 || spec.pixels[1] < 1)
    refuse_loss("pixels", fmt::format("{} x {}", spec.pixels[0], spec.pixels[1]), "height and width of the targets");
}

void check_logits(const LossKind& kind, const LossSpec& spec, const Value& logits) {
  if (kind.target == LossTarget::pixels) return check_pixels(spec, logits);
  const SymbolicShape& shape = logits.shape;
  const bool floating = is_floating(logits);
  const bool of_boxes = kind.target == LossTarget::boxes;
  const bool of_tokens = kind.target == LossTarget::tokens || kind.target == LossTarget::sequence;
  const std::size_t rank = of_boxes || of_tokens ? 3 : 2;
  const bool known = !of_boxes || (shape.size() == rank && !shape[1].is_symbolic());
  if (floating && shape.size() == rank && known && !shape.back().is_symbolic() && shape.back().size > 0) return;
  refuse_loss("logits", fmt::format("'{}': {} {}", logits.name, name_of(logits.dtype), to_string(shape)),
              of_boxes    ? "float32 or float64 (batch, boxes, width)"
              : of_tokens ? "float32 or float64 (batch, tokens, width)"
                          : "float32 or float64 (batch, width)");
}

/// What a loss's targets are where they are no classes, which smoothing and class weights are of.
std::string_view words_without_classes(LossTarget target) {
  switch (target) {
    case LossTarget::values:
      return "values";
    case LossTarget::boxes:
      return "boxes";
    case LossTarget::identity:
    case LossTarget::centre:
      return "vectors";
    case LossTarget::tokens:
    case LossTarget::own:
    case LossTarget::sequence:
      return "tokens";
    default:
      return "";
  }
}

void check_fit(const LossKind& kind, const LossSpec& spec, std::int64_t width) {
  const bool one_of_several = kind.target == LossTarget::distribution || kind.target == LossTarget::class_number;
  if (kind.target == LossTarget::pixels && spec.label_smoothing != 0)
    refuse_loss("label_smoothing", fmt::format("of pixels, by '{}'", kind.name), "labels of examples");
  if (one_of_several && width < 2)
    refuse_loss("kind", fmt::format("'{}' of a single logit", kind.name), "a logit for each class",
                "binary_cross_entropy");
  if (const std::string_view what = words_without_classes(kind.target); !what.empty()) {
    if (spec.label_smoothing != 0)
      refuse_loss("label_smoothing", fmt::format("{}, by '{}'", what, kind.name), "labels");
    if (!spec.class_weights.empty())
      refuse_loss("class_weights", fmt::format("{}, by '{}'", what, kind.name), "classes");
  }
  if (kind.target == LossTarget::own && width != kNextTokenAnswer)
    refuse_loss("kind", fmt::format("'{}' of {} logits", kind.name, width), "the head of a language model");
  const std::int64_t columns = kWrittenAnswer + (spec.label_smoothing > 0 ? 1 : 0);
  if (kind.target == LossTarget::written && width < columns)
    refuse_loss("kind", fmt::format("'{}' of {} logits", kind.name, width), fmt::format("{}", columns));
  if (kind.target == LossTarget::written && !spec.class_weights.empty())
    refuse_loss("class_weights", fmt::format("tokens, by '{}'", kind.name), "classes");
  const auto classes = to_size(width == 1 ? 2 : width);
  if (!spec.class_weights.empty() && spec.class_weights.size() != classes)
    refuse_loss("class_weights", fmt::format("{} of them", spec.class_weights.size()),
                fmt::format("one for each of {} classes", classes));
}

/// Its stage, its nodes and its output bear `name`.
Graph written_loss(const LossSpec& spec, const Value& logits, std::string_view name) {
  const LossKind& kind = kind_named(spec.kind);
  check_numbers(spec);
  check_logits(kind, spec, logits);
  check_fit(kind, spec, width_of_logits(logits.shape));
  GraphBuilder net{std::string(name)};
  LossWriter writer(net, spec, logits, std::string(name));
  net.output(kind.write(writer), std::string(name));
  return std::move(net).finish().graph;
}

}  // namespace

std::vector<std::string> loss_kinds() {
  std::vector<std::string> names;
  for (const auto& family : loss_families())
    for (const LossKind& kind : family) names.emplace_back(kind.name);
  return names;
}

LossTarget loss_target(std::string_view kind) { return kind_named(kind).target; }

bool compares_examples(std::string_view kind) { return kind_named(kind).compares_examples; }

LossSpec plain(LossSpec spec) {
  spec.label_smoothing = 0;
  spec.class_weights.clear();
  return spec;
}

Graph loss_graph(const LossSpec& spec, const Value& logits) { return written_loss(spec, logits, kLossOutput); }

Graph with_loss(const Graph& network, const LossSpec& spec) {
  const auto logits = std::find_if(network.outputs.begin(), network.outputs.end(),
                                   [](const Value& output) { return output.name == kHeadLogits; });
  if (logits == network.outputs.end())
    refuse_loss("network", fmt::format("'{}' has no output '{}'", network.name, kHeadLogits), "a network with a head");
  std::vector<Graph> losses{loss_graph(spec, *logits)};
  if (spec.label_smoothing != 0 || !spec.class_weights.empty())
    losses.push_back(written_loss(plain(spec), *logits, kPlainLossOutput));
  Graph whole = network;
  for (const Value& input : losses.front().inputs)
    if (input.name != kHeadLogits && std::ranges::find(whole.inputs, input.name, &Value::name) == whole.inputs.end())
      whole.inputs.push_back(input);
  std::vector<Value> outputs;
  for (const Graph& loss : losses) {
    whole.nodes.insert(whole.nodes.end(), loss.nodes.begin(), loss.nodes.end());
    outputs.insert(outputs.end(), loss.outputs.begin(), loss.outputs.end());
  }
  whole.outputs.insert(whole.outputs.begin(), outputs.begin(), outputs.end());
  check(whole);
  return whole;
}

}  // namespace enxerto
