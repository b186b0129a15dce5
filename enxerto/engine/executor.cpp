#include "enxerto/engine/executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/engine/bind.h"
#include "enxerto/engine/kept_networks.h"
#include "enxerto/engine/load_module.h"
#include "enxerto/engine/network_options.h"
#include "enxerto/files/mapping.h"
#include "enxerto/graph/fingerprint.h"
#include "enxerto/graph/fold.h"
#include "enxerto/graph/recurrent.h"
#include "enxerto/onnx/export.h"

namespace enxerto {
namespace {

/// A network compiled for fixed shapes is about a tenth faster than one for all shapes, but each holds a copy of the
/// weights in the engine's own layout.
constexpr std::size_t kFixedNetworks = 4;

/// What the engine is asked for: outputs that are inputs of the graph (what crosses a cut as it is) are handed through.
Graph computed(Graph graph) {
  std::unordered_set<std::string_view> inputs, used;
  for (const Value& input : graph.inputs) inputs.insert(input.name);
  const auto is_input = [&](const Value& output) { return inputs.contains(output.name); };
  if (std::ranges::none_of(graph.outputs, is_input)) return graph;
  std::erase_if(graph.outputs, is_input);
  for (const Node& node : graph.nodes) used.insert(node.inputs.begin(), node.inputs.end());
  std::erase_if(graph.inputs, [&](const Value& input) { return !used.contains(input.name); });
  return graph;
}

/// Whether the engine, once it has compiled the graph, can be given it back as bytes. OpenVINO 2026.4 notes at
/// recurrent layers which dimension is the batch and does not write that: read again it takes one for the other,
/// without a word.
bool can_be_kept(const Graph& graph) {
  return std::ranges::none_of(graph.nodes, [](const Node& node) { return recurrent_gates(node.op) > 0; });
}

class SpecialisingExecutor final : public Executor {
 public:
  SpecialisingExecutor(const Graph& graph, const NetworkOptions& options, const ExecutorOptions& asked)
      : outputs_(graph.outputs), graph_(computed(graph)), options_(options), module_(engine_module()) {
    if (!asked.kept_in.empty() && can_be_kept(graph_)) kept_.emplace(asked.kept_in);
    if (graph_.outputs.empty()) return;
    const std::string symbol = only_symbol(graph_);
    if (!symbol.empty())
      network_for({{symbol, std::max(1, asked.batch)}});
    else if (!has_symbols(graph_))
      network_for({});
    else
      flexible_ = compile_bound({});
  }

  TensorMap run(const TensorMap& inputs) override {
    std::vector<Tensor> computed;
    if (!graph_.outputs.empty()) computed = run_ordered(in_order(graph_, inputs));
    TensorMap named;
    for (std::size_t i = 0, next = 0; i < outputs_.size(); ++i) {
      const bool is_computed = next < computed.size() && graph_.outputs[next].name == outputs_[i].name;
      named.set(outputs_[i].name, is_computed ? computed[next++] : inputs.at(outputs_[i].name));
    }
    return named;
  }

  Tensor run(const Tensor& input) override {
    if (graph_.inputs.size() == 1 && graph_.outputs.size() == outputs_.size()) return run_ordered({input}).front();
    throw data_error(graph_.name, "a single tensor without a name",
                     fmt::format("{} inputs by name", graph_.inputs.size()));
  }

  std::string engine() const override { return module_.version(); }

 private:
  std::vector<Tensor> run_ordered(const std::vector<Tensor>& inputs) {
    std::vector<Tensor> answers = network_for(symbol_sizes(graph_, inputs))->run(inputs);
    throw_if_a_file_shrank();  // the weights, or what the inputs were read from
    return answers;
  }

  /// Compiles under the lock: whoever needs the same network meanwhile would have to wait for it anyway.
  std::shared_ptr<Network> network_for(const SymbolSizes& sizes) {
    const std::lock_guard lock(mutex_);
    // Lengths come in an order that depends on threads, and no bit of a result may depend on which came first.
    if (sizes.size() > 1) return flexible_;
    for (const Fixed& fixed : fixed_)
      if (fixed.sizes == sizes) return fixed.network;
    if (fixed_.size() < kFixedNetworks) {
      fixed_.push_back({sizes, compile_bound(sizes)});
      return fixed_.back().network;
    }
    if (!flexible_) flexible_ = compile_bound({});
    return flexible_;
  }

  std::shared_ptr<Network> compile_bound(const SymbolSizes& sizes) {
    if (!kept_) return compile_folded(sizes);
    const Hash128 key = Hash128Stream()
                            .add(module_.target())
                            .add(to_size(options_.threads))
                            .add(to_size(options_.streams))
                            .add(std::uint64_t{options_.bf16})
                            .add(fingerprint(enxerto::bind(graph_, sizes)))
                            .value();
    if (std::shared_ptr<Network> kept = reopened(key)) return kept;
    std::shared_ptr<Network> network = compile_folded(sizes);
    std::uint64_t parameters = 0;
    for (const auto& [_, tensor] : graph_.parameters) parameters += tensor.bytes().size();
    if (!kept_->has_room_for(parameters)) return network;
    if (const std::string bytes = network->compiled(); !bytes.empty()) kept_->keep(key, bytes);
    return network;
  }

  /// nullptr where there is none.
  std::shared_ptr<Network> reopened(const Hash128& key) const {
    struct Opened {
      MappedFile file;
      std::unique_ptr<Network> network;  // goes before its file
    };
    std::optional<MappedFile> file = kept_->find(key);
    if (!file) return nullptr;
    auto opened = std::make_shared<Opened>(Opened{std::move(*file), nullptr});
    opened->network = module_.reopen(KeptNetworks::content(opened->file), options_, graph_.name);
    if (!opened->network) {
      kept_->forget(key);
      return nullptr;
    }
    return {opened, opened->network.get()};
  }

  std::shared_ptr<Network> compile_folded(const SymbolSizes& sizes) {
    if (!folded_) folded_ = fold_batch_norm(graph_);
    ExportOptions form;
    form.parameters = decltype(form.parameters)::by_address;
    return module_.compile(to_onnx_bytes(enxerto::bind(*folded_, sizes), form), options_, graph_.name);
  }

  struct Fixed {
    SymbolSizes sizes;
    std::shared_ptr<Network> network;
  };

  const std::vector<Value> outputs_;
  const Graph graph_;
  // Made when something is compiled; keeps the parameters alive that the networks point at. The engine's own passes
  // take several times as long to fold the norms.
  std::optional<Graph> folded_;
  const NetworkOptions options_;
  const EngineModule& module_;
  std::optional<KeptNetworks> kept_;
  std::mutex mutex_;
  std::vector<Fixed> fixed_;
  std::shared_ptr<Network> flexible_;  // for any shape; made once the fixed ones are too many
};

}  // namespace

NetworkOptions network_options(const ExecutorOptions& options) {
  const bool bf16 = options.precision == Precision::bf16;
  if (bf16 && !has_bf16())
    throw usage_error("precision bf16", "this processor has no bf16 arithmetic", "AVX-512 BF16 or AMX",
                      "fp32, or auto, which uses bf16 only where it is available");
  const int threads = resolve_threads(options.threads);
  return {
      .threads = threads, .streams = options.streams > 0 ? std::min(options.streams, threads) : threads, .bf16 = bf16};
}

std::shared_ptr<Executor> compile(const Graph& graph, const ExecutorOptions& options) {
  check(graph);
  return std::make_shared<SpecialisingExecutor>(graph, network_options(options), options);
}

}  // namespace enxerto
