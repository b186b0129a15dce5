#pragma once
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

struct RunnerOptions {
  bool channels_last = true;  ///< maps and kernels (four dimensions, floating point) lie as NHWC
  bool autocast = false;      ///< convolutions and products of matrices in bfloat16, as PyTorch's autocast
  at::Device device = at::kCPU;
};

/// What differs between a training step, an evaluation and a pass for statistics.
struct RunMode {
  enum class Norms {
    running,  ///< batch normalisations use their running statistics and leave them
    batch,    ///< they use the batch's, and move the running ones in place (variance unbiased, as PyTorch)
  };
  bool training = false;  ///< dropout is active
  Norms norms = Norms::running;
  std::span<const std::string> batch_stages = {};  ///< stages whose norms use the batch's whatever `norms` is
  double momentum = 0.1;   ///< weight of the batch in the running statistics; 1 / n at the n-th batch: cumulative mean
  std::uint64_t seed = 0;  ///< dropout's masks depend on this and on the node only
};

struct RunPlan;

/// A graph on LibTorch's tensors, by ONNX's meaning of the operators. What is differentiated, and with which gradients,
/// is autograd's: whoever sets `requires_grad` on a parameter gets its gradient by
/// `torch::autograd::backward({loss}, {})`. One caller at a time.
class GraphRunner {
 public:
  /// Floating-point parameters are copied (as channels-last where they have four dimensions), whole numbers shared.
  /// Throws Error{weights} for an operator that is not known here, naming the node.
  GraphRunner(const Graph& graph, const RunnerOptions& options);
  ~GraphRunner();
  GraphRunner(const GraphRunner&) = delete;
  GraphRunner& operator=(const GraphRunner&) = delete;

  /// All outputs, one tensor for each input, both in the graph's order. Values go as soon as nothing needs them any
  /// more. Throws Error{weights} naming the node where LibTorch refuses it, Error{memory} where memory runs out.
  std::vector<at::Tensor> run(std::span<const at::Tensor> inputs, const RunMode& mode);

  /// Names of the graph's parameters, in its order.
  const std::vector<std::string>& parameter_names() const;

  /// Running means and variances of all batch normalisations, each once: what `Norms::batch` moves.
  const std::vector<std::string>& statistics() const;

  /// The parameter, to be read, moved in place, or replaced (shape and type stay, or `run` fails). Never requires a
  /// gradient at first. The reference is good as long as the runner. Throws Error{weights} for an unknown name.
  at::Tensor& parameter(std::string_view name);

 private:
  std::unique_ptr<RunPlan> plan_;
};

}  // namespace enxerto
