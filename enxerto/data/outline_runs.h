#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace enxerto {

/// An object's pixels as COCO writes them: lengths of runs down the columns, from the top left; the first run is
/// outside of the object, the next one inside, and so on. They add up to all pixels.
using OutlineRuns = std::vector<std::uint32_t>;

/// Of a picture, px.
struct OutlineFrame {
  int width = 0, height = 0;
};

/// The pixels inside a polygon, x and y of a point after the other, as pycocotools' `frPyObjects` finds them: points on
/// a grid of fifths of a pixel, pixels by their centres, even-odd; what lies outside of the picture is cut off.
OutlineRuns polygon_runs(std::span<const double> points, const OutlineFrame& frame);

/// What pycocotools has written into a string. Throws Error{data} naming `where` for one that ends within a number.
OutlineRuns runs_of_string(std::string_view text, std::string_view where);

/// Calls `paint(x, y)` for each pixel inside.
template <typename Paint>
void for_each_pixel(const OutlineRuns& runs, const OutlineFrame& frame, Paint paint) {
  std::size_t at = 0;
  bool inside = false;
  for (const std::uint32_t run : runs) {
    if (inside)
      for (std::size_t i = at; i < at + run; ++i)
        paint(static_cast<int>(i / static_cast<std::size_t>(frame.height)),
              static_cast<int>(i % static_cast<std::size_t>(frame.height)));
    at += run;
    inside = !inside;
  }
}

}  // namespace enxerto
