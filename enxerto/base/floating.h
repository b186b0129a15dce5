#pragma once
#include "enxerto/base/dtype.h"

namespace enxerto {

/// Whether elements of this type are floating-point numbers.
constexpr bool is_floating(DType dtype) {
  return dtype == DType::f64 || dtype == DType::f32 || dtype == DType::f16 || dtype == DType::bf16;
}

}  // namespace enxerto
