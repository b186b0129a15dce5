#include "enxerto/engine/trainer_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/setting.h"
#include "enxerto/graph/batch_norm.h"
#include "enxerto/graph/role.h"

namespace enxerto {
namespace {

constexpr int kMostThreads = 1024;

[[noreturn]] void refuse(std::string where, std::string found, std::string expected, std::string tip = "") {
  throw usage_error(std::move(where), std::move(found), std::move(expected), std::move(tip));
}

void check_numbers(const TrainerOptions& options) {
  check_number("threads", options.threads, from_to(0, kMostThreads));
  check_number("norm_momentum", options.norm_momentum, kShare);
  check_number("clip_norm", options.clip_norm, kNotNegative);
  check_number("ema_decay", options.ema_decay, kBelowOne);
  for (const ParameterGroup& group : options.groups) {
    check_number("group.rate_scale", group.rate_scale, kNotNegative);
    check_number("group.weight_decay", group.weight_decay, kNotNegative);
  }
}

using Roles = std::map<std::string, Role, std::less<>>;

void check_parameter(const std::string& name, const Graph& graph, const Roles& known) {
  const Tensor* const tensor = graph.parameters.find(name);
  if (tensor == nullptr) {
    std::vector<std::string> names;
    for (const auto& [candidate, ignored] : graph.parameters) names.push_back(candidate);
    refuse(fmt::format("group parameter '{}'", name), fmt::format("not in {}{}", graph.name, did_you_mean(name, names)),
           "a parameter of the graph");
  }
  const Role role = known.at(name);
  if (!is_trainable(role))
    refuse(fmt::format("group parameter '{}'", name), std::string(name_of(role)), "a parameter that a gradient moves");
  if (tensor->dtype() != DType::f32 && tensor->dtype() != DType::f64)
    refuse(fmt::format("group parameter '{}'", name), std::string(name_of(tensor->dtype())), "float32 or float64");
}

void check_groups(const TrainerOptions& options, const Graph& graph) {
  const Roles known = roles(graph);
  std::set<std::string_view> seen;
  for (const ParameterGroup& group : options.groups)
    for (const std::string& name : group.parameters) {
      check_parameter(name, graph, known);
      if (!seen.insert(name).second) refuse(fmt::format("group parameter '{}'", name), "named twice", "once");
    }
  if (seen.empty()) return;
  if (graph.outputs.empty() || !graph.outputs.front().shape.empty())
    refuse(graph.name, "its first output is not a scalar", "the loss as the first output");
}

void check_side_by_side(const TrainerOptions& options, const Graph& graph) {
  check_number("side_by_side", options.side_by_side, from_to(1, kMostThreads));
  if (options.side_by_side == 1) return;
  if (std::string why = one_by_one(options, graph); !why.empty())
    refuse("side_by_side", std::move(why), "micro-batches that do not depend on each other", "1");
}

void check_carried(const TrainerOptions& options, const Graph& graph) {
  check_number("carried_examples", static_cast<double>(options.carried_examples), kNotNegative);
  for (const KeptState& value : options.carried) {
    if (std::ranges::find(graph.inputs, value.input, &Value::name) == graph.inputs.end())
      refuse(fmt::format("carried value '{}'", value.input), "no input of the graph", "an input");
    if (std::ranges::find(graph.outputs, value.output, &Value::name) == graph.outputs.end())
      refuse(fmt::format("carried value '{}'", value.output), "no output of the graph", "an output");
  }
}

}  // namespace

std::string one_by_one(const TrainerOptions& options, const Graph& graph) {
  const bool by_batch = options.norms == NormPolicy::train || !options.trained_norm_stages.empty();
  if (by_batch && has_batch_norm(graph)) return "normalisations that use the batch's statistics";
  if (!options.carried.empty()) return "states that go from step to step";
  if (options.device != Device::cpu) return "another device than the processor";
  return "";
}

void check_options(const TrainerOptions& options, const Graph& graph) {
  check_numbers(options);
  check(options.optimizer, "optimizer.");
  check_groups(options, graph);
  check_carried(options, graph);
  check_side_by_side(options, graph);
}

}  // namespace enxerto
