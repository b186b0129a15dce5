#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// Left, top, right, bottom, px.
using Corners = std::array<float, 4>;

/// What the offsets and the sizes of a box code are multiplied by (torchvision's BoxCoder).
struct CodeWeights {
  float offset = 1, size = 1;
};
inline constexpr CodeWeights kSsdCode{10, 5}, kRetinaCode{1, 1};

/// The most that a size may be coded to, before its weight.
inline constexpr double kLargestSizeCode = 4.135166556742356;  // log(1000 / 16)

/// In place of the number of a true box: there is none, and it is not to be learned whether there is one.
inline constexpr std::int64_t kBackgroundBox = -1, kIgnoredBox = -2;

/// The number of the true box that each default box (rows of `boxes`, (n, 4)) is to become, or `kBackgroundBox`. As
/// torchvision's SSDMatcher: the one of largest intersection over union from `threshold` on, and besides for each true
/// box the default box that is nearest to it, whatever their overlap.
std::vector<std::int64_t> match_boxes(const Tensor& boxes, std::span<const Corners> truths, float threshold = 0.5F);

/// The same as torchvision's Matcher with low-quality matches, for RetinaNet (Lin et al. 2017): the true box of largest
/// intersection over union from `foreground` on; below `background` none; between them `kIgnoredBox`. Besides, the
/// boxes that are nearest to any true box, all of them where several are, become what is nearest to themselves.
std::vector<std::int64_t> match_anchors(const Tensor& boxes, std::span<const Corners> truths, float foreground = 0.5F,
                                        float background = 0.4F);

/// What makes `truth` of `box`: offset of the centre in sizes of the box, logarithm of the quotient of the sizes, times
/// the weights (BoxCoder.encode_single).
std::array<float, 4> box_code(const Corners& truth, const Corners& box, const CodeWeights& weights = kSsdCode);

/// (n, 5) of float32, as the loss "ssd" takes it: the number of the class from 1 on, 0: background, and the code.
/// `labels`: number from 0 of the class of each true box.
Tensor box_targets(const Tensor& boxes, std::span<const Corners> truths, std::span<const std::int64_t> labels);

/// The same by `match_anchors`, as the loss "retina" takes it: -1 is ignored.
Tensor anchor_targets(const Tensor& boxes, std::span<const Corners> truths, std::span<const std::int64_t> labels);

}  // namespace enxerto
