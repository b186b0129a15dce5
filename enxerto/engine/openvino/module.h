#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/kept_state.h"
#include "enxerto/base/tensor.h"

namespace enxerto {

/// What crosses between the front and libenxerto_openvino.so: no type of OpenVINO, no protobuf, only `base`.
struct NetworkOptions {
  int threads = 1;
  int streams = 1;
  bool bf16 = false;
};

/// A network that is compiled for the shapes of its ONNX bytes. `run` is safe to call from many threads.
class Network {
 public:
  virtual ~Network() = default;

  /// Inputs and outputs in the order of the ONNX graph. The caller has checked dtypes and shapes.
  virtual std::vector<Tensor> run(std::span<const Tensor> inputs) = 0;

  /// What `EngineModule::reopen` makes the same network of in a tenth of the time; empty where the engine cannot say.
  virtual std::string compiled() const = 0;
};

/// A network that keeps values from call to call.
class StatefulNetwork {
 public:
  virtual ~StatefulNetwork() = default;

  /// Calls that follow each other; for one thread at a time, and only while the network is there.
  class Sequence {
   public:
    virtual ~Sequence() = default;

    /// As `Network::run`, without the kept inputs and outputs. Example i goes on from what example `from[i]` of the
    /// call before left; at the first call there is nothing, and `from` tells only how many they are.
    virtual std::vector<Tensor> step(std::span<const Tensor> inputs, std::span<const std::int32_t> from) = 0;
  };
  virtual std::unique_ptr<Sequence> begin() = 0;
};

class EngineModule {
 public:
  virtual ~EngineModule() = default;

  /// "OpenVINO 2026.4.1-...".
  virtual std::string version() const = 0;

  /// `onnx` may name parameters by address (location "*/_ORT_MEM_ADDR_/*"); they must outlive the network. `where` is
  /// what errors name. Throws Error{weights} for what the engine cannot run.
  virtual std::unique_ptr<Network> compile(const std::string& onnx, const NetworkOptions& options,
                                           const std::string& where) const = 0;

  /// The same of a network that keeps these values. What is open in their shapes, other than the examples, begins at 0.
  virtual std::unique_ptr<StatefulNetwork> compile_stateful(const std::string& onnx, std::span<const KeptState> kept,
                                                            const NetworkOptions& options,
                                                            const std::string& where) const = 0;

  /// What a network's `compiled()` is good for: engine, its version and the processor.
  virtual std::string target() const = 0;

  /// A network from what `compiled()` of another one gave, with the same options and target; `bytes` must outlive it.
  /// nullptr where the engine cannot read them. They must be whole: the engine does not look.
  virtual std::unique_ptr<Network> reopen(std::span<const std::byte> bytes, const NetworkOptions& options,
                                          const std::string& where) const = 0;
};

/// Counts up whenever this header changes, so that a front never meets a module of another build.
inline constexpr int kModuleVersion = 3;

/// The module's one exported symbol, `extern "C"`; nullptr for another version.
using EngineModuleEntry = const EngineModule* (*)(int version);
inline constexpr const char* kModuleEntryName = "enxerto_engine_module";

}  // namespace enxerto
