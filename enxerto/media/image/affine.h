#pragma once
#include <array>

#include "enxerto/media/image/image.h"

namespace enxerto {

/// Where in the picture an output pixel comes from: x' = m[0] x + m[1] y + m[2], y' = m[3] x + m[4] y + m[5], px.
using AffineMatrix = std::array<double, 6>;

/// A rotation, a scale, a shear and a shift of the content, about a centre.
struct AffineChange {
  double angle = 0;                         ///< degrees, clockwise
  double scale = 1;                         ///< above 0; larger than 1 zooms in
  double right = 0, down = 0;               ///< px
  double shear_across = 0, shear_down = 0;  ///< degrees
};

/// The matrix of torchvision's `affine` about (center_x, center_y).
AffineMatrix affine_matrix(const AffineChange& change, double center_x, double center_y);

/// The matrix of Pillow's `Image.rotate` of a picture of this size: `angle` in degrees, counter-clockwise.
AffineMatrix rotation_matrix(double angle, int width, int height);

/// First `b`, then `a`.
AffineMatrix composed(const AffineMatrix& a, const AffineMatrix& b);

/// The way back. The matrix must not be flat.
AffineMatrix inverse(const AffineMatrix& matrix);

enum class Sampling { nearest, bilinear };

/// The picture seen through the matrix, black where that is outside. Equal to the bit to Pillow's
/// `Image.transform(size, AFFINE, matrix, sampling)` (libImaging/Geometry.c).
Image transform(const Image& image, const AffineMatrix& matrix, Sampling sampling);

}  // namespace enxerto
