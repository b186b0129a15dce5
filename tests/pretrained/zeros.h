#pragma once
#include <cstdlib>
#include <memory>
#include <string>

#include "enxerto/base/state_dict.h"
#include "enxerto/zoo/registry.h"

namespace enxerto::testing {

/// Zeros of any shape up to 512 MB (VGG's largest has 411 MB); all share the same bytes, which the system makes when
/// they are read: never, where only shapes are compared.
inline Tensor zeros(const Shape& shape) {
  static const std::shared_ptr<std::byte> bytes(static_cast<std::byte*>(std::calloc(512U << 20U, 1)), std::free);
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
