#include "enxerto/tasks/draw_boxes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <string>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/draw_text.h"

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

/// The border of a box, `width` px inside and `outside` px beyond.
void frame(Image& image, const std::array<int, 4>& box, int outside, int inside, const Colour& colour) {
  const auto [left, top, right, bottom] = box;
  fill_area(image, {left - outside, top - outside, right + outside, top + inside}, colour);
  fill_area(image, {left - outside, bottom - inside, right + outside, bottom + outside}, colour);
  fill_area(image, {left - outside, top - outside, left + inside, bottom + outside}, colour);
  fill_area(image, {right - inside, top - outside, right + outside, bottom + outside}, colour);
}

std::array<int, 4> rounded_box(const std::array<double, 4>& box) {
  std::array<int, 4> rounded{};
  std::ranges::transform(box, rounded.begin(), [](double side) { return static_cast<int>(std::lround(side)); });
  return rounded;
}

/// Black on light colours, white on dark ones (ITU-R BT.601).
Colour readable_on(const Colour& colour) {
  constexpr double kRed = 0.299, kGreen = 0.587, kBlue = 0.114, kMiddle = 140;
  return kRed * colour[0] + kGreen * colour[1] + kBlue * colour[2] > kMiddle ? Colour{0, 0, 0} : kLight;
}

/// Above the box, in it where there is no room; never beyond the right border as long as it fits.
void label(Image& image, const std::array<int, 4>& box, const std::string& text, const Colour& colour) {
  constexpr int kPartOfLetters = 700;  // pixels of the larger side for each of a letter's pixel
  const int scale = std::max(1, (std::max(image.width, image.height) + kPartOfLetters / 2) / kPartOfLetters);
  const auto [width, height] = text_size(text, scale);
  const int margin = 2 * scale, whole = width + 2 * margin;
  const int left = std::clamp(box[0], 0, std::max(0, image.width - whole));
  const int top = box[1] >= height ? box[1] - height : std::max(0, box[1]);
  fill_area(image, {left, top, left + whole, top + height}, colour);
  draw_text(image, left + margin, top, text, {.scale = scale, .colour = readable_on(colour)});
}

}  // namespace

void draw_boxes(Image& image, std::span<const Prediction> found) {
  constexpr int kPart = 250;  // of the larger side
  const int thick = std::max(1, std::max(image.width, image.height) / kPart);
  const auto colour_of = [](const Prediction& one) {
    return kColours.at(to_size(one.index.value_or(0)) % kColours.size());
  };
  constexpr std::size_t kMostLabels = 20;  // of what was found, the surest: more hide the picture
  const bool true_boxes = !found.empty() && !found.front().score;
  const std::size_t labelled = true_boxes ? found.size() : std::min(found.size(), kMostLabels);
  for (const Prediction& one : found.subspan(labelled))
    if (one.box) frame(image, rounded_box(*one.box), 0, 1, colour_of(one));
  for (const Prediction& one : found.first(labelled) | std::views::reverse) {
    if (!one.box) continue;
    frame(image, rounded_box(*one.box), 1, thick + 1, kLight);
    frame(image, rounded_box(*one.box), 0, thick, colour_of(one));
  }
  for (const Prediction& one : found.first(labelled) | std::views::reverse) {
    if (!one.box) continue;
    const std::string text = one.score ? fmt::format("{} {:.2f}", one.label, *one.score) : one.label;
    label(image, rounded_box(*one.box), text, colour_of(one));
  }
}

}  // namespace enxerto
