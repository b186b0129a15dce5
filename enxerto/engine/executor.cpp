#include "enxerto/engine/executor.h"

#include <algorithm>
#include <mutex>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/engine/bind.h"
#include "enxerto/engine/load_module.h"
#include "enxerto/onnx/export.h"

namespace enxerto {
namespace {

/// A network compiled for fixed shapes is about a tenth faster than one for all shapes, but each holds a copy of the
/// weights in the engine's own layout.
constexpr std::size_t kFixedNetworks = 4;

class SpecialisingExecutor final : public Executor {
 public:
  SpecialisingExecutor(const Graph& graph, const NetworkOptions& options, int batch)
      : graph_(graph), options_(options), module_(engine_module()) {
    const std::string symbol = only_symbol(graph_);
    if (!symbol.empty())
      network_for({{symbol, std::max(1, batch)}});
    else if (!has_symbols(graph_))
      network_for({});
    else
      flexible_ = compile_bound(graph_);
  }

  std::vector<Tensor> run(std::span<const Tensor> inputs) override {
    return network_for(symbol_sizes(graph_, inputs))->run(inputs);
  }

  std::string engine() const override { return module_.version(); }

 private:
  /// Compiles under the lock: whoever needs the same network meanwhile would have to wait for it anyway.
  std::shared_ptr<Network> network_for(const SymbolSizes& sizes) {
    const std::lock_guard lock(mutex_);
    for (const Fixed& fixed : fixed_)
      if (fixed.sizes == sizes) return fixed.network;
    if (fixed_.size() < kFixedNetworks) {
      fixed_.push_back({sizes, compile_bound(bind(graph_, sizes))});
      return fixed_.back().network;
    }
    if (!flexible_) flexible_ = compile_bound(graph_);
    return flexible_;
  }

  std::shared_ptr<Network> compile_bound(const Graph& graph) const {
    ExportOptions form;
    form.parameters = decltype(form.parameters)::by_address;
    return module_.compile(to_onnx_bytes(graph, form), options_, graph_.name);
  }

  struct Fixed {
    SymbolSizes sizes;
    std::shared_ptr<Network> network;
  };

  const Graph graph_;  // keeps the parameters alive that the networks point at
  const NetworkOptions options_;
  const EngineModule& module_;
  std::mutex mutex_;
  std::vector<Fixed> fixed_;
  std::shared_ptr<Network> flexible_;  // for any shape; made once the fixed ones are too many
};

}  // namespace

std::shared_ptr<Executor> compile(const Graph& graph, const ExecutorOptions& options) {
  check(graph);
  const bool bf16 = options.precision == Precision::bf16;
  if (bf16 && !has_bf16())
    throw Error(ErrorKind::usage, {.where = "precision bf16",
                                   .found = "this processor has no bf16 arithmetic",
                                   .expected = "AVX-512 BF16 or AMX",
                                   .tip = "fp32, or auto, which takes bf16 only where it is there"});
  const int threads = resolve_threads(options.threads);
  const int streams = options.streams > 0 ? std::min(options.streams, threads) : threads;
  return std::make_shared<SpecialisingExecutor>(
      graph, NetworkOptions{.threads = threads, .streams = streams, .bf16 = bf16}, options.batch);
}

}  // namespace enxerto
