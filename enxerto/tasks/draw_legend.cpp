#include "enxerto/tasks/draw_legend.h"

#include <algorithm>
#include <array>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/draw_text.h"

namespace enxerto {
namespace {

constexpr std::uint8_t kPaper = 255;

/// An entry's left upper corner, below the picture.
struct PlacedEntry {
  int x = 0, y = 0;
};

}  // namespace

Image with_legend(const Image& picture, std::span<const LegendEntry> entries) {
  if (entries.empty()) return picture;
  constexpr int kPartOfLetters = 700;  // pixels of the larger side for each of a letter's pixel
  const int scale = std::max(1, (std::max(picture.width, picture.height) + kPartOfLetters / 2) / kPartOfLetters);
  const int margin = 4 * scale, field = text_size("A", scale)[1], line = field + margin;
  std::vector<PlacedEntry> places;
  int x = margin, y = picture.height + margin;
  for (const LegendEntry& entry : entries) {
    const int whole = field + margin + text_size(entry.name, scale)[0];
    if (x > margin && x + whole + margin > picture.width) {
      x = margin;
      y += line;
    }
    places.push_back({x, y});
    x += whole + 2 * margin;
  }
  Image whole{.width = picture.width, .height = y + line, .pixels = picture.pixels};
  constexpr std::size_t kChannels = 3;
  whole.pixels.resize(to_size(whole.width) * to_size(whole.height) * kChannels, kPaper);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto [left, top] = places[i];
    fill_area(whole, {left, top, left + field, top + field}, {0, 0, 0});  // light colours have a border
    fill_area(whole, {left + scale, top + scale, left + field - scale, top + field - scale}, entries[i].colour);
    draw_text(whole, left + field + margin, top, entries[i].name, {.scale = scale, .colour = {0, 0, 0}});
  }
  return whole;
}

}  // namespace enxerto
