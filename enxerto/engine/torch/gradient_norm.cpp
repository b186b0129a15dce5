#include "enxerto/engine/torch/gradient_norm.h"

#include <ATen/ATen.h>

namespace enxerto {

double gradient_norm(std::span<const at::Tensor> gradients) {
  if (gradients.empty()) return 0;
  const std::vector<at::Tensor> lengths = at::_foreach_norm(at::TensorList(gradients.data(), gradients.size()));
  return at::linalg_vector_norm(at::stack(lengths)).item<double>();
}

}  // namespace enxerto
