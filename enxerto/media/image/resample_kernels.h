#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "enxerto/media/image/axis_plan.h"

namespace enxerto {

/// Rows of RGB bytes in memory that goes up to `end`.
struct RgbRows {
  const std::uint8_t* first;
  std::size_t stride;  ///< bytes from row to row
  const std::uint8_t* end;
};

/// The inner loops of a resize. Every set gives the same bytes.
struct ResampleKernels {
  /// Row after row: `rows` rows of `from` become rows of `plan.axis.count` pixels, `to_stride` bytes apart.
  void (*across)(const AxisPlan& plan, const RgbRows& from, std::size_t rows, std::uint8_t* to, std::size_t to_stride);
  /// Output `index` of `plan` from the rows that it needs, of which the first is `from`: `bytes` bytes a row.
  void (*down)(const AxisPlan& plan, std::size_t index, const std::uint8_t* from, std::size_t stride, std::size_t bytes,
               std::uint8_t* to);
};

const ResampleKernels& scalar_kernels();

/// nullptr where the processor has no AVX2.
const ResampleKernels* avx2_kernels();

/// The fastest set that this processor runs.
const ResampleKernels& best_kernels();

}  // namespace enxerto
