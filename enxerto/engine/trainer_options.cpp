#include "enxerto/engine/trainer_options.h"

#include <fmt/format.h>

#include <limits>
#include <map>
#include <set>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/graph/role.h"

namespace enxerto {
namespace {

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr double kBelowOne = 1 - std::numeric_limits<double>::epsilon() / 2;
constexpr int kMostThreads = 1024;

[[noreturn]] void refuse(std::string where, std::string found, std::string expected, std::string tip = "") {
  throw usage_error(std::move(where), std::move(found), std::move(expected), std::move(tip));
}

struct Limits {
  std::string where;
  double value, low, high;
  std::string_view expected;
};

void check_limits(const Limits& limits) {
  // Written so that NaN is out of every range.
  if (limits.value >= limits.low && limits.value <= limits.high) return;
  refuse(limits.where, fmt::format("{}", limits.value), std::string(limits.expected));
}

void check_numbers(const TrainerOptions& options) {
  constexpr std::string_view kShare = "at least 0 and below 1", kNotNegative = "a finite number, not negative";
  const OptimizerOptions& optimizer = options.optimizer;
  const Limits rows[] = {
      {"threads", static_cast<double>(options.threads), 0, kMostThreads, "0 (all cores) to 1024"},
      {"optimizer.momentum", optimizer.momentum, 0, kBelowOne, kShare},
      {"optimizer.beta1", optimizer.beta1, 0, kBelowOne, kShare},
      {"optimizer.beta2", optimizer.beta2, 0, kBelowOne, kShare},
      {"optimizer.alpha", optimizer.alpha, 0, kBelowOne, kShare},
      {"optimizer.epsilon", optimizer.epsilon, 0, kLargest, kNotNegative},
      {"norm_momentum", options.norm_momentum, 0, 1, "0 to 1"},
      {"clip_norm", options.clip_norm, 0, kLargest, "a finite length, or 0 to clip nothing"},
      {"average_decay", options.average_decay, 0, kBelowOne, kShare},
  };
  for (const Limits& row : rows) check_limits(row);
  for (const ParameterGroup& group : options.groups) {
    check_limits({"group.rate_scale", group.rate_scale, 0, kLargest, kNotNegative});
    check_limits({"group.weight_decay", group.weight_decay, 0, kLargest, kNotNegative});
  }
}

void check_optimizer(const OptimizerOptions& options) {
  using Kind = OptimizerOptions::Kind;
  const bool takes_momentum = options.kind == Kind::sgd || options.kind == Kind::rmsprop;
  if (options.momentum > 0 && !takes_momentum)
    refuse("optimizer.momentum", fmt::format("{} with {}", options.momentum, name_of(options.kind)),
           "sgd or rmsprop; adam and adamw have beta1");
  if (options.nesterov && (options.kind != Kind::sgd || options.momentum == 0))
    refuse("optimizer.nesterov", fmt::format("set with {}, momentum {}", name_of(options.kind), options.momentum),
           "sgd with momentum above 0");
}

void check_device(const std::string& device) {
  const std::vector<std::string> devices{"cpu", "cuda"};
  if (device != "cpu" && device != "cuda")
    refuse("device", fmt::format("'{}'{}", device, did_you_mean(device, devices)), "cpu or cuda");
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

}  // namespace

void check_options(const TrainerOptions& options, const Graph& graph) {
  check_numbers(options);
  check_optimizer(options.optimizer);
  check_device(options.device);
  check_groups(options, graph);
}

}  // namespace enxerto
