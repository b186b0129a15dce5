#include "enxerto/engine/torch/run_plan.h"

#include <ATen/ATen.h>
#include <c10/util/StringUtil.h>

#include <algorithm>
#include <array>

#include "enxerto/engine/torch/chosen_words.h"
#include "enxerto/engine/torch/fused_blocks.h"
#include "enxerto/engine/torch/fused_pixels.h"
#include "enxerto/engine/torch/fused_words.h"
#include "enxerto/engine/torch/tensors.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

/// Operators whose gradient does not need what they gave: that may be overwritten.
constexpr std::array<std::string_view, 6> kForgetful{"Conv", "BatchNormalization", "Add", "ConvTranspose",
                                                     "Gemm", "LayerNormalization"};

/// What a plan has to know of a graph's values before it is made.
class Uses {
 public:
  explicit Uses(const Graph& graph) {
    for (const Node& node : graph.nodes) {
      if (node.op == "Constant") constants_.emplace(node.outputs.at(0), &required_attribute<Tensor>(node, "value"));
      for (const std::string& input : node.inputs) ++uses_[input].count;
      for (const std::string& output : node.outputs) uses_[output].maker = node.op;
    }
    for (const Value& output : graph.outputs) ++uses_[output.name].count;
    for (const auto& [name, tensor] : graph.parameters) constants_.emplace(name, &tensor);
  }

  const Tensor* constant(const std::string& value) const {
    const auto found = constants_.find(value);
    return found == constants_.end() ? nullptr : found->second;
  }

  /// Nothing but one node needs it, neither forward nor backward.
  bool may_overwrite(const std::string& value) const {
    const auto found = uses_.find(value);
    return found != uses_.end() && found->second.count == 1 &&
           std::find(kForgetful.begin(), kForgetful.end(), found->second.maker) != kForgetful.end();
  }

 private:
  struct Use {
    std::size_t count = 0;
    std::string_view maker;
  };
  std::unordered_map<std::string, Use> uses_;
  std::unordered_map<std::string, const Tensor*> constants_;
};

at::Tensor parameter_of(const Tensor& tensor, const RunnerOptions& options) {
  const at::Tensor shared = view_of(tensor);
  if (!at::isFloatingType(shared.scalar_type())) return shared;
  const at::Tensor own = placed(shared, options);
  return own.is_alias_of(shared) ? own.clone() : own;
}

void add_parameters(RunPlan& plan, const Graph& graph) {
  for (const auto& [name, tensor] : graph.parameters) {
    plan.places.emplace(name, plan.parameters.size());
    plan.parameter_names.push_back(name);
    plan.parameters.push_back(parameter_of(tensor, plan.options));
  }
}

Place add_value(RunPlan& plan, const std::string& name) {
  plan.values.emplace_back();
  const Place place = plan.parameters.size() + plan.values.size() - 1;
  if (!name.empty()) plan.places.emplace(name, place);
  return place;
}

Place place_of(const RunPlan& plan, const std::string& name) { return name.empty() ? kNowhere : plan.places.at(name); }

void add_statistics(RunPlan& plan, const Node& node) {
  if (node.op != "BatchNormalization") return;
  for (std::size_t slot = 3; slot < 5; ++slot) {
    const std::string& name = node.inputs.at(slot);
    const bool is_new = std::find(plan.statistics.begin(), plan.statistics.end(), name) == plan.statistics.end();
    if (is_new && place_of(plan, name) < plan.parameters.size()) plan.statistics.push_back(name);
  }
}

void add_step(RunPlan& plan, const Node& node, const Uses& uses) {
  Site site{.node = node, .position = plan.steps.size(), .constants = {}, .may_overwrite = {}};
  Step step;
  for (const std::string& input : node.inputs) {
    site.constants.push_back(uses.constant(input));
    site.may_overwrite.push_back(uses.may_overwrite(input));
    step.in.push_back(place_of(plan, input));
  }
  step.operation = make_operation(site);
  for (const std::string& output : node.outputs) step.out.push_back(add_value(plan, output));
  step.where = c10::str(plan.name, ": node '", node.name, "' (", node.op, ")");
  plan.steps.push_back(std::move(step));
}

/// From the end: where a value is met first, it is needed last.
void find_last_uses(RunPlan& plan) {
  std::vector<bool> is_needed(plan.parameters.size() + plan.values.size(), false);
  for (Place place = 0; place < is_needed.size(); ++place) is_needed[place] = plan.at(place).defined();
  for (const Place place : plan.outputs) is_needed[place] = true;
  for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step) {
    for (const std::vector<Place>* side : {&step->in, &step->out}) {
      for (const Place place : *side) {
        if (place == kNowhere || is_needed[place]) continue;
        is_needed[place] = true;
        step->last_used.push_back(place);
      }
    }
  }
}

}  // namespace

at::Tensor placed(const at::Tensor& tensor, const RunnerOptions& options) {
  const at::Tensor result = tensor.to(options.device);
  const bool is_map = result.dim() == 4 && at::isFloatingType(result.scalar_type());
  return options.channels_last && is_map ? result.contiguous(at::MemoryFormat::ChannelsLast) : result;
}

RunPlan plan_run(const Graph& network, const RunnerOptions& options) {
  const Graph graph = with_fused_blocks(with_chosen_words(with_fused_words(with_fused_pixels(network))));
  RunPlan plan;
  plan.options = options;
  plan.name = graph.name;
  add_parameters(plan, graph);
  for (const Value& input : graph.inputs) plan.inputs.push_back(add_value(plan, input.name));
  const Uses uses(graph);
  for (const Node& node : graph.nodes) {
    if (node.op == "Constant") {
      const Place place = add_value(plan, node.outputs.at(0));
      plan.at(place) = parameter_of(*uses.constant(node.outputs[0]), options);
      continue;
    }
    add_step(plan, node, uses);
    add_statistics(plan, node);
  }
  for (const Value& output : graph.outputs) plan.outputs.push_back(place_of(plan, output.name));
  find_last_uses(plan);
  return plan;
}

}  // namespace enxerto
