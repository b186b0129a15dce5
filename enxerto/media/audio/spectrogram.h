#pragma once
#include <cstdint>
#include <span>

#include "enxerto/media/image/image.h"

namespace enxerto {

/// A clip drawn for people: time to the right, `width` columns; pitch upwards, `height` rows from 60 Hz to half of the
/// rate, evenly on the mel scale; the loudest place white, 60 dB below it and less black.
Image spectrogram(std::span<const float> samples, std::int64_t rate, int width, int height);

}  // namespace enxerto
