#include "enxerto/engine/stateful_executor.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/engine/bind.h"
#include "enxerto/engine/load_module.h"
#include "enxerto/engine/network_options.h"
#include "enxerto/files/mapping.h"
#include "enxerto/onnx/export.h"

namespace enxerto {
namespace {

/// The network, and what it needs to live.
struct CompiledStates {
  Graph graph;  ///< its parameters are pointed at
  std::unique_ptr<StatefulNetwork> network;
  std::vector<Value> inputs, outputs;  ///< without what is kept
};

class KeptSequence final : public StatefulExecutor::Sequence {
 public:
  explicit KeptSequence(std::shared_ptr<CompiledStates> compiled)
      : compiled_(std::move(compiled)), sequence_(compiled_->network->begin()) {}

  TensorMap step(const TensorMap& inputs, std::span<const std::int32_t> from) override {
    std::vector<Tensor> ordered;
    for (const Value& input : compiled_->inputs) {
      const Tensor* const found = inputs.find(input.name);
      if (found == nullptr || found->dtype() != input.dtype || found->shape().size() != input.shape.size())
        throw data_error(fmt::format("input '{}'", input.name),
                         found == nullptr ? "missing" : fmt::format("{}", to_string(found->shape())),
                         fmt::format("{} {}", name_of(input.dtype), to_string(input.shape)));
      ordered.push_back(*found);
    }
    std::vector<Tensor> answers = sequence_->step(ordered, from);
    throw_if_a_file_shrank();
    TensorMap named;
    for (std::size_t i = 0; i < answers.size(); ++i) named.set(compiled_->outputs.at(i).name, std::move(answers[i]));
    return named;
  }

 private:
  std::shared_ptr<CompiledStates> compiled_;  // goes after the sequence
  std::unique_ptr<StatefulNetwork::Sequence> sequence_;
};

class ModuleExecutor final : public StatefulExecutor {
 public:
  explicit ModuleExecutor(std::shared_ptr<CompiledStates> compiled) : compiled_(std::move(compiled)) {}
  std::unique_ptr<Sequence> begin() override { return std::make_unique<KeptSequence>(compiled_); }

 private:
  std::shared_ptr<CompiledStates> compiled_;
};

std::vector<Value> without(std::vector<Value> values, std::span<const KeptState> states,
                           std::string KeptState::* member) {
  std::erase_if(values, [&](const Value& value) {
    return std::ranges::any_of(states, [&](const KeptState& state) { return state.*member == value.name; });
  });
  return values;
}

}  // namespace

std::shared_ptr<StatefulExecutor> compile_stateful(const Graph& graph, std::span<const KeptState> states,
                                                   const ExecutorOptions& options) {
  check(graph);
  auto compiled = std::make_shared<CompiledStates>();
  compiled->graph = graph;
  compiled->inputs = without(graph.inputs, states, &KeptState::input);
  compiled->outputs = without(graph.outputs, states, &KeptState::output);
  ExportOptions form;
  form.parameters = OnnxParameters::by_address;
  compiled->network = engine_module().compile_stateful(to_onnx_bytes(compiled->graph, form), states,
                                                       network_options(options), graph.name);
  return std::make_shared<ModuleExecutor>(std::move(compiled));
}

}  // namespace enxerto
