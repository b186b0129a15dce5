#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace enxerto {

/// A few rows of a tall float32 matrix, each anywhere in memory.
struct RowBlock {
  const float* const* rows = nullptr;
  std::size_t count = 0;
  std::size_t features = 0;
};

/// The two products between a tall matrix X and a skinny one, blocked for registers, for one instruction set. Both read
/// X row by row where it lies.
struct SkinnyProduct {
  std::string_view name;  ///< "sse2", "avx2", "avx512"

  /// `out` (count, classes) = X `weight`^T, with `weight` (classes, features).
  void (*scores)(const RowBlock& block, std::size_t classes, const float* weight, float* out);

  /// `total` (classes, features) += `residuals`^T X, with `residuals` (count, classes): summed in float32 within the
  /// block, in double from block to block.
  void (*accumulate)(const RowBlock& block, std::size_t classes, const float* residuals, double* total);
};

/// What this processor can run, slowest first; never empty.
std::span<const SkinnyProduct> usable_skinny_products();

/// The fastest of `usable_skinny_products()`.
const SkinnyProduct& fastest_skinny_product();

/// How many rows make a block that stays in a core's second-level cache.
std::size_t rows_per_block(std::size_t features);

}  // namespace enxerto
