#include "enxerto/tasks/draw_boxes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

using Colour = std::array<std::uint8_t, 3>;

/// Tableau's ten, which people can tell apart.
constexpr std::array<Colour, 10> kColours{{{31, 119, 180},
                                           {255, 127, 14},
                                           {44, 160, 44},
                                           {214, 39, 40},
                                           {148, 103, 189},
                                           {140, 86, 75},
                                           {227, 119, 194},
                                           {127, 127, 127},
                                           {188, 189, 34},
                                           {23, 190, 207}}};
constexpr Colour kLight{255, 255, 255};

void fill(Image& image, std::array<int, 4> area, const Colour& colour) {
  const int right = std::min(area[2], image.width), bottom = std::min(area[3], image.height);
  for (int y = std::max(area[1], 0); y < bottom; ++y)
    for (int x = std::max(area[0], 0); x < right; ++x)
      std::ranges::copy(colour, image.pixels.begin() + (std::ptrdiff_t{y} * image.width + x) * 3);
}

/// The border of a box, `width` px inside and `outside` px beyond.
void frame(Image& image, const std::array<int, 4>& box, int outside, int inside, const Colour& colour) {
  const auto [left, top, right, bottom] = box;
  fill(image, {left - outside, top - outside, right + outside, top + inside}, colour);
  fill(image, {left - outside, bottom - inside, right + outside, bottom + outside}, colour);
  fill(image, {left - outside, top - outside, left + inside, bottom + outside}, colour);
  fill(image, {right - inside, top - outside, right + outside, bottom + outside}, colour);
}

}  // namespace

void draw_boxes(Image& image, std::span<const Prediction> found) {
  constexpr int kPart = 250;  // of the larger side
  const int thick = std::max(1, std::max(image.width, image.height) / kPart);
  for (const Prediction& one : found) {
    if (!one.box) continue;
    std::array<int, 4> box{};
    std::ranges::transform(*one.box, box.begin(), [](double side) { return static_cast<int>(std::lround(side)); });
    const Colour& colour = kColours.at(to_size(one.index.value_or(0)) % kColours.size());
    frame(image, box, 1, thick + 1, kLight);
    frame(image, box, 0, thick, colour);
  }
}

}  // namespace enxerto
