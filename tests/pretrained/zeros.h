#pragma once
#include <memory>
#include <string>

#include "enxerto/base/state_dict.h"
#include "enxerto/zoo/registry.h"

namespace enxerto::testing {

/// Zeros of any shape; all share the same bytes.
inline Tensor zeros(const Shape& shape) {
  static const std::shared_ptr<std::byte> bytes(new std::byte[64U << 20U](), std::default_delete<std::byte[]>());
  return {DType::f32, shape, bytes};
}

/// All weights of a network of the zoo, under the zoo's names.
inline StateDict zero_weights(const char* architecture, std::int64_t classes) {
  StateDict weights;
  for (const ParameterSpec& spec : find_architecture(architecture).build({.classes = classes}).parameters)
    weights.set(spec.name, zeros(spec.shape));
  return weights;
}

}  // namespace enxerto::testing
