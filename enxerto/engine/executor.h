#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "enxerto/base/tensor_map.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// Arithmetic of the forward engine. It is always set explicitly, never left to the engine's default.
enum class Precision { fp32, bf16 };

std::string_view name_of(Precision precision);

struct ExecutorOptions {
  int threads = 0;  ///< 0: `usable_cores()`
  int streams = 0;  ///< networks run side by side, each with threads / streams threads; 0: one a thread, the best for
                    ///< many batches; 1 is the best for a single one
  Precision precision = Precision::fp32;
  int batch = 1;  ///< examples a call that is compiled for at once; other sizes are compiled when they first come
  std::filesystem::path kept_in = {};  ///< folder of compiled networks for later processes; empty: none
};

/// A compiled network. `run` is safe to call from many threads; up to `streams` calls run side by side, further ones
/// wait. Each new batch size is compiled (about 0.2 s for EfficientNet-Lite0), the first few for that size alone, which
/// runs faster, any further one by one network for all: callers do well to keep to one batch size and to pad the last
/// batch. Where lengths vary too, one network for all shapes runs every call. On a processor batches of 1 to 4 inputs
/// of 3 x 224 x 224 are fastest and need the least memory.
class Executor {
 public:
  virtual ~Executor() = default;

  /// A tensor for each input of the graph, by its name (others are not looked at); symbolic dimensions may differ from
  /// call to call. Returns the outputs by name, in the graph's order. Throws Error{data} for an input that is missing
  /// or of a wrong dtype or shape.
  virtual TensorMap run(const TensorMap& inputs) = 0;

  /// Of a network with one input: its first output. Throws as above, and where there are several inputs.
  virtual Tensor run(const Tensor& input) = 0;

  /// Name and version of the engine, part of every feature space: "OpenVINO 2026.4.1-...".
  virtual std::string engine() const = 0;
};

/// Compiles `graph` for the forward engine, which is opened on first use (libenxerto_openvino.so; looked for in
/// $ENXERTO_ENGINE_DIR, beside libenxerto.so / the program, and in the install directory). Throws Error{weights} for a
/// graph it cannot run, Error{usage} for bf16 where the processor lacks it, and Error{other} where the engine is
/// missing or cannot be loaded, saying what to install. Parameters are shared, not copied, where possible.
std::shared_ptr<Executor> compile(const Graph& graph, const ExecutorOptions& options);

/// True where the processor has bf16 arithmetic (AVX-512 BF16, as every processor with AMX has it too).
bool has_bf16();

}  // namespace enxerto
