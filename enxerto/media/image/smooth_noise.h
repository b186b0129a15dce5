#pragma once
#include <cstdint>

#include "enxerto/media/image/image.h"

namespace enxerto {

/// A picture of nothing: colours that flow into each other, random by `number` and the same on any machine. Between the
/// points of a coarse grid they are interpolated (value noise), so that the picture has slopes as photographs have.
Image smooth_noise(int width, int height, std::uint64_t number);

}  // namespace enxerto
