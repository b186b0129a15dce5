#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// The kind of target of examples each of whose pixels has a class: (height, width) of uint8, that of the upright
/// picture: the number of the class, or `kIgnoredPixel`.
inline constexpr std::string_view kMaskTarget = "masks";
inline constexpr std::uint8_t kIgnoredPixel = 255;  ///< nothing is learned from it, and no figure counts it
inline constexpr std::size_t kMostMaskClasses = 255;

/// Throws Error{data} for another shape or type.
void require_mask(const Tensor& target);

/// Pixels of each class.
std::vector<std::uint64_t> pixels_of_classes(const Tensor& target, std::size_t classes);

// What the row of `target_kinds()` does; see `TargetKind`. A mask of which nothing is left is no target.
void labels_of_mask(const Tensor& target, std::vector<std::uint32_t>& labels);
Tensor renumber_mask(const Tensor& target, std::span<const std::int64_t> numbers, std::size_t width);
void mark_classes_of_mask(const Tensor& target, std::vector<bool>& used);

}  // namespace enxerto
