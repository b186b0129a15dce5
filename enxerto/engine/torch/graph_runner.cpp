#include "enxerto/engine/torch/graph_runner.h"

#include <ATen/ATen.h>
#include <c10/util/StringUtil.h>

#include "enxerto/base/error.h"
#include "enxerto/engine/torch/autocast.h"
#include "enxerto/engine/torch/run_plan.h"
#include "enxerto/engine/torch/torch_error.h"

namespace enxerto {
namespace {

/// Values do not outlive a run, nor one that fails.
class Values {
 public:
  explicit Values(RunPlan& plan) : plan_(plan) {}
  ~Values() {
    for (const Step& step : plan_.steps)
      for (const Place place : step.out) plan_.at(place).reset();
    for (const Place place : plan_.inputs) plan_.at(place).reset();
  }
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;

 private:
  RunPlan& plan_;
};

void run_step(RunPlan& plan, Step& step, const RunMode& mode) {
  c10::SmallVector<at::Tensor, 8> in, out(step.out.size());
  for (const Place place : step.in) in.push_back(place == kNowhere ? at::Tensor() : plan.at(place));
  Call call{.in = {in.data(), in.size()}, .out = {out.data(), out.size()}, .mode = mode};
  step.operation(call);
  for (std::size_t i = 0; i < out.size(); ++i) plan.at(step.out[i]) = std::move(out[i]);
  for (const Place place : step.last_used) plan.at(place).reset();
}

}  // namespace

GraphRunner::GraphRunner(const Graph& graph, const RunnerOptions& options)
    : plan_(std::make_unique<RunPlan>(plan_run(graph, options))) {}

GraphRunner::~GraphRunner() = default;

std::vector<at::Tensor> GraphRunner::run(std::span<const at::Tensor> inputs, const RunMode& mode) {
  RunPlan& plan = *plan_;
  if (inputs.size() != plan.inputs.size())
    throw data_error(plan.name, c10::str(inputs.size(), " inputs"), c10::str(plan.inputs.size()));
  const Values values(plan);
  const Autocast autocast(plan.options.autocast, plan.options.device.type());
  for (std::size_t i = 0; i < inputs.size(); ++i) plan.at(plan.inputs[i]) = placed(inputs[i], plan.options);
  for (Step& step : plan.steps) {
    try {
      run_step(plan, step, mode);
    } catch (const c10::Error& error) {
      throw from_torch(error, ErrorKind::weights, step.where);
    }
  }
  std::vector<at::Tensor> outputs;
  for (const Place place : plan.outputs) outputs.push_back(plan.at(place));
  return outputs;
}

const std::vector<std::string>& GraphRunner::parameter_names() const { return plan_->parameter_names; }

const std::vector<std::string>& GraphRunner::statistics() const { return plan_->statistics; }

at::Tensor& GraphRunner::parameter(std::string_view name) {
  const auto found = plan_->places.find(std::string(name));
  if (found == plan_->places.end() || found->second >= plan_->parameters.size())
    throw weights_error(plan_->name, c10::str("no parameter '", name, "'"), "the name of a parameter of the graph");
  return plan_->parameters[found->second];
}

}  // namespace enxerto
