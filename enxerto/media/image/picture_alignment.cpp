#include "enxerto/media/image/picture_alignment.h"

#include "enxerto/media/image/affine.h"
#include "enxerto/media/image/preprocess_steps.h"
#include "enxerto/media/image/random_operations.h"

namespace enxerto {
namespace {

Tensor as_tensor(const AffineMatrix& m) {
  TensorBuffer map(DType::f32, {2, 3});
  for (std::size_t i = 0; i < m.size(); ++i) map.as<float>()[i] = static_cast<float>(m[i]);
  return std::move(map).freeze();
}

double scale_of(const Axis& axis) { return static_cast<double>(axis.to) / axis.from; }

/// The resize and crop of the preprocessing.
AffineMatrix resized(const Image& image, const ImagePreprocess& preprocess) {
  const Axes axes = preprocess_axes(image, preprocess);
  return {scale_of(axes.across),
          0,
          -static_cast<double>(axes.across.begin),
          0,
          scale_of(axes.down),
          -static_cast<double>(axes.down.begin)};
}

/// A drawn crop, squashed to the input's size.
AffineMatrix resized(const PixelBox& box, int size) {
  const double across = static_cast<double>(size) / box.width, down = static_cast<double>(size) / box.height;
  return {across, 0, -across * box.left, 0, down, -down * box.top};
}

}  // namespace

Tensor plain_alignment(const Image& image, const ImagePreprocess& preprocess) {
  return as_tensor(resized(image, preprocess));
}

Tensor changed_alignment(const Image& image, const ImagePreprocess& preprocess, const DrawnChange& drawn) {
  const PictureChange& change = drawn.change;
  const double size = preprocess.size;
  AffineMatrix map = change.crop ? resized(*change.crop, preprocess.size) : resized(image, preprocess);
  map[2] -= change.left;
  map[5] -= change.up;
  if (change.angle != 0 || change.scale != 1) {
    const AffineChange turn{.angle = change.angle, .scale = change.scale};
    map = composed(inverse(affine_matrix(turn, size * 0.5, size * 0.5)), map);
  }
  if (change.flip) map = composed({-1, 0, size, 0, 1, 0}, map);
  if (change.vertical_flip) map = composed({1, 0, 0, 0, -1, size}, map);
  if (drawn.augmentation.randaugment > 0)
    map = composed(inverse(origin_after(operations_of(drawn), preprocess.size, preprocess.size)), map);
  return as_tensor(map);
}

}  // namespace enxerto
