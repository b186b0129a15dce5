#include "enxerto/tasks/mask_colours.h"

#include <algorithm>

#include "enxerto/base/lower_case.h"
#include "enxerto/data/mask_target.h"
#include "enxerto/tasks/placed_masks.h"

namespace enxerto {
namespace {

constexpr std::size_t kColourCount = 256;
constexpr RgbColour kNoClassColour{224, 224, 192};

/// The colour map of the VOC development kit: the bits of the number, three at a time, are the high bits of the colour.
RgbColour voc_colour(std::size_t number) {
  constexpr unsigned kHighest = 7, kChannels = 3;
  RgbColour colour{};
  for (unsigned bit = 0; bit <= kHighest; ++bit) {
    for (unsigned channel = 0; channel < kChannels; ++channel)
      colour.at(channel) = static_cast<std::uint8_t>(colour.at(channel) | ((number >> (bit * kChannels + channel)) & 1U)
                                                                              << (kHighest - bit));
  }
  return colour;
}

}  // namespace

std::vector<RgbColour> class_colours(std::span<const std::string> names) {
  const std::size_t first = !names.empty() && lower_case(names[0]) == "background" ? 0 : 1;
  std::vector<RgbColour> colours(kColourCount, kNoClassColour);
  for (std::size_t i = 0; i < std::min(names.size(), kMostMaskClasses); ++i) colours[i] = voc_colour(i + first);
  return colours;
}

void overlay_classes(Image& image, const Tensor& map, std::span<const RgbColour> colours) {
  const Tensor classes = resized_map(map, {image.height, image.width});
  const auto numbers = classes.as<std::uint8_t>();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == kIgnoredPixel) continue;
    const RgbColour& colour = colours[numbers[i]];
    for (std::size_t c = 0; c < colour.size(); ++c) {
      std::uint8_t& sample = image.pixels[i * colour.size() + c];
      sample = static_cast<std::uint8_t>((unsigned{sample} + colour[c] + 1) / 2);
    }
  }
}

}  // namespace enxerto
