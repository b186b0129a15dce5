#pragma once
#include "enxerto/base/tensor.h"
#include "enxerto/media/image/five_points.h"
#include "enxerto/media/image/square_view.h"

namespace enxerto {

/// How many points of a face `Field::marks` can be: the five of `FivePoints`, or the 68 of iBUG 300-W, behind which the
/// width and the height may stand of the box that they were found in.
inline constexpr std::int64_t kFivePoints = 5, kAllPoints = 68, kPointsAndBox = 69;

/// Whether it holds as many, (5, 2), (68, 2) or (69, 2) of float64.
bool are_face_points(const Tensor& marks);

/// The five, or those of the 68: the mean of each eye's six, the nose's tip, the corners of the mouth.
FivePoints five_points_of(const Tensor& marks);

/// The square that dlib's network for faces sees as face-api cuts it out: its side is the distance from the eyes to the
/// mouth / 0.45, the middle of the three 43 % below its top, all in whole px; what is outside of a picture of this size
/// is cut off. As there, it is no wider than its left side and the width of the box are together, and no higher than
/// its top and the height, where these are known. Of 68 points. The width or height is below 1 where nothing is left.
PictureArea eyes_and_mouth_box(const Tensor& marks, int width, int height);

}  // namespace enxerto
