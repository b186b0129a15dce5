#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// Left, top, right, bottom, px.
using Corners = std::array<float, 4>;

/// Weights of the box code's offsets and sizes, and the most that a size may be coded to (torchvision's BoxCoder).
inline constexpr float kOffsetWeight = 10, kSizeWeight = 5;
inline constexpr double kLargestSizeCode = 4.135166556742356;  // log(1000 / 16)

/// The number of the true box that each default box (rows of `boxes`, (n, 4)) is to become, -1: background. As
/// torchvision's SSDMatcher: the one of largest intersection over union from `threshold` on, and besides for each true
/// box the default box that is nearest to it, whatever their overlap.
std::vector<std::int64_t> match_boxes(const Tensor& boxes, std::span<const Corners> truths, float threshold = 0.5F);

/// What makes `truth` of `box`: offset of the centre in sizes of the box, logarithm of the quotient of the sizes, times
/// the weights (BoxCoder.encode_single).
std::array<float, 4> box_code(const Corners& truth, const Corners& box);

/// (n, 5) of float32, as the loss "ssd" takes it: the number of the class from 1 on, 0: background, and the code.
/// `labels`: number from 0 of the class of each true box.
Tensor box_targets(const Tensor& boxes, std::span<const Corners> truths, std::span<const std::int64_t> labels);

}  // namespace enxerto
