#include "enxerto/tasks/picture_map.h"

#include <cmath>
#include <cstddef>

#include "enxerto/base/error.h"

namespace enxerto {

PictureMap picture_map(const Tensor& alignment) {
  if (alignment.shape() != Shape{2, 3} || alignment.dtype() != DType::f32)
    throw data_error("alignment", "a map " + to_string(alignment.shape()), "(2, 3) of float32, that of a picture");
  PictureMap values{};
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(alignment.as<float>()[i]);
  return values;
}

PictureMap inverse_of(const PictureMap& m) {
  const double determinant = m[0] * m[4] - m[1] * m[3];
  if (determinant == 0 || !std::isfinite(determinant))
    throw data_error("alignment", "a map that cannot be inverted", "an invertible affine map");
  return {m[4] / determinant,  -m[1] / determinant, (m[1] * m[5] - m[4] * m[2]) / determinant,
          -m[3] / determinant, m[0] / determinant,  (m[3] * m[2] - m[0] * m[5]) / determinant};
}

std::array<double, 2> moved(const PictureMap& m, double x, double y) {
  return {m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]};
}

}  // namespace enxerto
