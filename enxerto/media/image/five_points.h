#pragma once
#include <array>
#include <span>

#include "enxerto/media/image/affine.h"
#include "enxerto/media/image/image.h"

namespace enxerto {

/// Of a face: the eye on the left of the picture, the other, the nose, the corners of the mouth; x and y, px.
using FivePoints = std::array<std::array<double, 2>, 5>;

/// Where ArcFace's networks want them in a picture of 112 x 112 px (insightface's face_align.py).
inline constexpr FivePoints kArcFacePoints{
    {{38.2946, 51.6963}, {73.5318, 51.5014}, {56.0252, 71.7366}, {41.5493, 92.3655}, {70.7299, 92.2041}}};

/// The turn, the scale and the shift, without a reflection, that bring `from` nearest to `to` (Umeyama 1991;
/// scikit-image's SimilarityTransform): x' = m[0] x + m[1] y + m[2], y' = m[3] x + m[4] y + m[5]. All zeros where
/// `from` is a single point.
AffineMatrix similarity(const FivePoints& from, const FivePoints& to);

/// What the matrix takes to a picture of `side` x `side` px, black where it comes from outside: OpenCV 4's
/// `warpAffine(image, matrix, (side, side), borderValue=0)` to the bit, which samples bilinearly in steps of 1/32 px.
Image warped(const Image& image, const AffineMatrix& matrix, int side);

/// The face cut out upright: its points where ArcFace's are, scaled to `side`.
Image aligned_face(const Image& image, const FivePoints& points, int side);

}  // namespace enxerto
