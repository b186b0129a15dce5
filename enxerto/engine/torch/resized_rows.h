#pragma once
#include <cstdint>

namespace enxerto {

/// Scores of one map, and the class of each pixel of a larger one: what it takes to say how probable each pixel's class
/// is when the scores are brought to that size, bilinear with corners not aligned.
struct ResizedScores {
  const float* scores = nullptr;  ///< (rows, columns, width): classes, then numbers far below all others
  std::int64_t rows = 0, columns = 0;
  std::int64_t width = 0;                 ///< a multiple of kResizedLanes
  const std::int64_t* classes = nullptr;  ///< (out_rows, out_columns), each below `width`; below 0: none
  std::int64_t out_rows = 0, out_columns = 0;
};

inline constexpr std::int64_t kResizedLanes = 8;

/// Both go over the pixels once, without the resized map.
struct ResizedRows {
  /// Of each pixel, (out_rows, out_columns) both, its class's score less the largest, and the sum of the exponentials
  /// of all, each less the largest: the former less the logarithm of the latter is the logarithm of the softmax. 0 and
  /// 1 where there is no class.
  void (*forward)(const ResizedScores& of, float* scores, float* sums);

  /// Adds to `gradient`, as `scores` is, what the gradient of the logarithms makes of it. Pixels of gradient 0 cost
  /// nothing.
  void (*backward)(const ResizedScores& of, const float* of_logarithms, float* gradient);
};

/// One a source file, each compiled for the instruction set of its name; call only where the processor has it.
extern const ResizedRows kResizedRowsSse2, kResizedRowsAvx2;

/// The best for this processor.
const ResizedRows& resized_rows();

}  // namespace enxerto
