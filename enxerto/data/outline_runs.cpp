#include "enxerto/data/outline_runs.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr double kGrid = 5;  // points are looked at on a grid so many times finer than the pixels

struct GridPoint {
  int x = 0, y = 0;
};

/// On the grid, rounded as a C cast rounds.
GridPoint on_grid(double x, double y) {
  constexpr double kFarthest = 1e8;  // far outside of any picture
  const auto rounded = [&](double value) {
    return static_cast<int>(kGrid * std::clamp(value, -kFarthest, kFarthest) + 0.5);
  };
  return {rounded(x), rounded(y)};
}

/// All points of the grid along a side, in its direction.
void add_side(const GridPoint& from, const GridPoint& to, std::vector<GridPoint>& points) {
  const int dx = std::abs(to.x - from.x), dy = std::abs(to.y - from.y);
  const bool flat = dx >= dy;
  const bool flipped = (flat && from.x > to.x) || (!flat && from.y > to.y);
  const GridPoint &begin = flipped ? to : from, &end = flipped ? from : to;
  const int steps = std::max(dx, dy);
  const double rise = flat ? static_cast<double>(end.y - begin.y) : static_cast<double>(end.x - begin.x);
  const double slope = steps == 0 ? 0 : rise / steps;
  for (int step = 0; step <= steps; ++step) {
    const int along = flipped ? steps - step : step;
    const int across = static_cast<int>((flat ? begin.y : begin.x) + slope * along + 0.5);
    points.push_back(flat ? GridPoint{begin.x + along, across} : GridPoint{across, begin.y + along});
  }
}

/// Where the outline crosses the middle of a column of pixels: the place of the first pixel below, down the columns.
std::vector<std::uint32_t> crossings(const std::vector<GridPoint>& outline, const OutlineFrame& frame) {
  std::vector<std::uint32_t> places;
  for (std::size_t i = 1; i < outline.size(); ++i) {
    const GridPoint &here = outline[i], &before = outline[i - 1];
    if (here.x == before.x) continue;
    const double column = ((here.x < before.x ? here.x : here.x - 1) + 0.5) / kGrid - 0.5;
    if (std::floor(column) != column || column < 0 || column > frame.width - 1) continue;
    const double row =
        std::clamp((std::min(here.y, before.y) + 0.5) / kGrid - 0.5, 0.0, static_cast<double>(frame.height));
    places.push_back(static_cast<std::uint32_t>(static_cast<int>(column) * frame.height) +
                     static_cast<std::uint32_t>(std::ceil(row)));
  }
  return places;
}

}  // namespace

OutlineRuns polygon_runs(std::span<const double> points, const OutlineFrame& frame) {
  std::vector<GridPoint> corners;
  for (std::size_t i = 0; i + 1 < points.size(); i += 2) corners.push_back(on_grid(points[i], points[i + 1]));
  std::vector<GridPoint> outline;
  for (std::size_t i = 0; i < corners.size(); ++i) add_side(corners[i], corners[(i + 1) % corners.size()], outline);
  std::vector<std::uint32_t> places = crossings(outline, frame);
  places.push_back(static_cast<std::uint32_t>(frame.width) * static_cast<std::uint32_t>(frame.height));
  std::ranges::sort(places);
  // Two crossings at one place take each other back.
  std::vector<std::uint32_t> lengths(places.size());
  std::adjacent_difference(places.begin(), places.end(), lengths.begin());
  OutlineRuns runs{lengths.front()};
  for (std::size_t i = 1; i < lengths.size(); ++i) {
    if (lengths[i] > 0)
      runs.push_back(lengths[i]);
    else if (++i < lengths.size())
      runs.back() += lengths[i];
  }
  return runs;
}

OutlineRuns runs_of_string(std::string_view text, std::string_view where) {
  constexpr unsigned kBits = 5, kValue = 0x1F, kMore = 0x20, kSign = 0x10, kFirst = 48, kMostBits = 35;
  OutlineRuns runs;
  for (std::size_t at = 0; at < text.size();) {
    std::int64_t run = 0;
    unsigned shift = 0, piece = kMore;
    while ((piece & kMore) != 0) {
      if (at == text.size() || shift > kMostBits)
        throw data_error(std::string(where), "an RLE that ends within a number", "one as pycocotools writes it");
      piece = static_cast<unsigned char>(text[at++]) - kFirst;
      run |= static_cast<std::int64_t>(piece & kValue) << shift;
      shift += kBits;
    }
    if ((piece & kSign) != 0) run -= std::int64_t{1} << shift;
    if (runs.size() > 2) run += runs[runs.size() - 2];
    if (run < 0 || run > UINT32_MAX)
      throw data_error(std::string(where), "an RLE with a run of impossible length", "one as pycocotools writes it");
    runs.push_back(static_cast<std::uint32_t>(run));
  }
  return runs;
}

}  // namespace enxerto
