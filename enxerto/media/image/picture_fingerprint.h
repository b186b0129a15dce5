#pragma once
#include <span>
#include <vector>

#include "enxerto/base/shape.h"

namespace enxerto {

/// What stays of a picture that is saved again in another quality or size, made brighter or darker or given more
/// contrast: the differences between neighbours of its mean colours on a grid of 16 x 16, of length one together. That
/// they are differences makes pictures that share their silhouette or background alone less alike than their colours.
/// Empty of a picture of one colour, which nothing tells from another.
using PictureFingerprint = std::vector<float>;

inline constexpr int kFingerprintGrid = 16;

/// Of what a network sees of a picture: `planes` of `shape` (channels, height, width), at least 16 high and wide.
/// `mirrored`: of the same with left and right changed.
PictureFingerprint picture_fingerprint(std::span<const float> planes, const Shape& shape, bool mirrored = false);

}  // namespace enxerto
