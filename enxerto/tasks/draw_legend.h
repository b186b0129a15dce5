#pragma once
#include <span>
#include <string>

#include "enxerto/media/image/encode_png.h"
#include "enxerto/media/image/image.h"

namespace enxerto {

/// A colour and what it stands for.
struct LegendEntry {
  std::string name;
  RgbColour colour{};
};

/// The picture, and below it a field of each colour with its name, in as many lines as they take.
Image with_legend(const Image& picture, std::span<const LegendEntry> entries);

}  // namespace enxerto
