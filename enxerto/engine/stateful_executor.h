#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/kept_state.h"
#include "enxerto/base/tensor_map.h"
#include "enxerto/engine/executor.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// A compiled network that keeps states from call to call: of attention the keys and values of what it has read, of
/// recurrent layers where they are. Compiled once for all sizes.
class StatefulExecutor {
 public:
  virtual ~StatefulExecutor() = default;

  /// Calls that follow each other; for one thread at a time. Lives as long as it likes.
  class Sequence {
   public:
    virtual ~Sequence() = default;

    /// Inputs by name, but those that are kept, to outputs by name, without them. Example i goes on from where example
    /// `from[i]` of the call before was, so that examples can be left out, repeated and exchanged; at the first call,
    /// which begins with nothing, `from` only says how many they are. Throws Error{data} for an input that is missing.
    virtual TensorMap step(const TensorMap& inputs, std::span<const std::int32_t> from) = 0;
  };
  virtual std::unique_ptr<Sequence> begin() = 0;
};

/// Compiles `graph`, of which `states` are kept; their sizes but the batch begin at 0 where they are symbols, and at
/// what they are, filled with zeros, where they are not. Parameters are shared where possible; `options.batch` and
/// `kept_in` are not looked at. Throws as `compile`.
std::shared_ptr<StatefulExecutor> compile_stateful(const Graph& graph, std::span<const KeptState> states,
                                                   const ExecutorOptions& options);

}  // namespace enxerto
