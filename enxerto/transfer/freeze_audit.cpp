#include "enxerto/transfer/freeze_audit.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/role.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostNamed = 10;

bool stays(Role role, const FrozenOptions& options) {
  switch (role) {
    case Role::constant:
      return true;
    case Role::running_mean:
    case Role::running_variance:
      return options.statistics_frozen;
    case Role::norm_scale:
    case Role::norm_shift:
      return options.norms_frozen;
    default:
      return false;
  }
}

std::string value_text(const Tensor& tensor, std::size_t index) {
  if (tensor.dtype() == DType::f64) return fmt::format("{}", tensor.as<double>()[index]);
  return fmt::format("{}", tensor.to_float32().as<float>()[index]);
}

/// "" where both are equal to the bit.
std::string change_of(const Tensor& before, const Tensor& after) {
  if (before.shape() != after.shape())
    return fmt::format("shape {} became {}", to_string(before.shape()), to_string(after.shape()));
  if (before.dtype() != after.dtype())
    return fmt::format("{} became {}", name_of(before.dtype()), name_of(after.dtype()));
  if (identical(before, after)) return "";
  const std::size_t width = size_of(before.dtype());
  std::size_t different = 0, first = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (std::memcmp(before.data() + i * width, after.data() + i * width, width) == 0) continue;
    if (different++ == 0) first = i;
  }
  return fmt::format("{} of {} values differ, the first at {}: {} became {}", different, before.size(), first,
                     value_text(before, first), value_text(after, first));
}

TensorMap answer_of(const Graph& graph, const TensorMap& inputs) {
  const auto examples = inputs.begin() == inputs.end() ? 1 : inputs.begin()->second.shape().at(0);
  return compile(graph, {.streams = 1, .batch = static_cast<int>(examples)})->run(inputs);
}

/// NaN where they are not comparable, so that no limit holds.
double largest_difference(const Tensor& a, const Tensor& b, double& largest) {
  const Tensor left = a.to_float32(), right = b.to_float32();
  if (left.shape() != right.shape()) return std::nan("");
  double difference = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const double x = left.as<float>()[i], y = right.as<float>()[i];
    if (!(std::isfinite(x) && std::isfinite(y))) return std::nan("");
    difference = std::max(difference, std::abs(x - y));
    largest = std::max(largest, std::abs(x));
  }
  return difference;
}

/// Number of the first node that is trained; behind all of them where a stage was grown that `source` has not.
std::size_t first_trained(const Graph& source, const FrozenOptions& options) {
  if (options.trained_from == "all") return 0;
  const std::vector<std::string> stages = source.stages();
  const bool grown = std::ranges::find(options.replaced, options.trained_from) != options.replaced.end() &&
                     std::ranges::find(stages, options.trained_from) == stages.end();
  return grown ? source.nodes.size() : stage_begin(source, options.trained_from);
}

}  // namespace

std::vector<std::string> frozen_tensors(const Graph& source, const FrozenOptions& options) {
  const std::size_t first = first_trained(source, options);
  const auto known = roles(source);
  const auto is_replaced = [&](const Node& node) {
    return std::ranges::find(options.replaced, node.stage) != options.replaced.end();
  };
  std::set<std::string> frozen;
  for (std::size_t i = 0; i < source.nodes.size(); ++i) {
    if (is_replaced(source.nodes[i])) continue;
    for (const std::string& input : source.nodes[i].inputs) {
      const auto role = known.find(input);
      if (role != known.end() && (i < first || stays(role->second, options))) frozen.insert(input);
    }
  }
  return {frozen.begin(), frozen.end()};
}

std::vector<TensorChange> audit_frozen(const Graph& source, const Graph& saved, std::span<const std::string> frozen) {
  std::vector<TensorChange> changes;
  for (const std::string& name : frozen) {
    const Tensor* before = source.parameters.find(name);
    const Tensor* after = saved.parameters.find(name);
    if (before == nullptr) {
      changes.push_back({.name = name, .how = "missing in the file that it should come from"});
    } else if (after == nullptr) {
      changes.push_back({.name = name, .how = "missing"});
    } else if (std::string how = change_of(*before, *after); !how.empty()) {
      changes.push_back({.name = name, .how = std::move(how)});
    }
  }
  return changes;
}

void require_frozen(const Graph& source, const Graph& saved, std::span<const std::string> frozen,
                    std::string_view where) {
  const std::vector<TensorChange> changes = audit_frozen(source, saved, frozen);
  if (changes.empty()) return;
  std::string text;
  for (std::size_t i = 0; i < std::min(changes.size(), kMostNamed); ++i)
    text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", changes[i].name, changes[i].how);
  if (changes.size() > kMostNamed) text += fmt::format(" and {} more", changes.size() - kMostNamed);
  throw weights_error(std::string(where),
                      fmt::format("{} of {} frozen tensors changed: {}", changes.size(), frozen.size(), text),
                      "frozen tensors bit-identical to the file that they came from",
                      "this is a bug in Enxerto, please report it; the model is not saved");
}

double audit_halves(const Graph& whole, std::string_view first_trained_stage, const TensorMap& inputs) {
  TensorMap values = inputs;
  const TensorMap wanted = answer_of(whole, inputs);
  const Halves halves = cut(whole, first_trained_stage);
  if (!halves.prefix.nodes.empty()) values.merge(answer_of(halves.prefix, values));
  values.merge(answer_of(halves.suffix, values));
  double difference = 0, largest = 0;
  for (const auto& [name, tensor] : wanted) {
    const double one = largest_difference(tensor, values.at(name), largest);
    difference = std::isnan(one) ? one : std::max(difference, one);
    if (std::isnan(difference)) return difference;
  }
  return largest > 0 ? difference / largest : difference;
}

void require_halves(const Graph& whole, std::string_view first_trained_stage, const TensorMap& inputs,
                    std::string_view where) {
  const double difference = audit_halves(whole, first_trained_stage, inputs);
  if (difference <= kHalvesTolerance) return;
  throw weights_error(
      std::string(where),
      fmt::format("cut before '{}', the two halves differ from the whole network by {:.2g} of its largest output",
                  first_trained_stage, difference),
      fmt::format("at most {}", kHalvesTolerance),
      "this is a bug in Enxerto, please report it; the model is not saved");
}

}  // namespace enxerto
