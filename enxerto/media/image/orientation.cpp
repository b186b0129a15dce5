#include "enxerto/media/image/orientation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

/// Where the pixel (x, y) of the upright picture comes from: `swap` reads (y, x), `flip_*` counts from the far end.
struct Turn {
  bool swap, flip_x, flip_y;
};

constexpr std::array<Turn, 9> kTurns{{
    {false, false, false},
    {false, false, false},  // 1: upright
    {false, true, false},   // 2: mirrored
    {false, true, true},    // 3: upside down
    {false, false, true},   // 4: mirrored upside down
    {true, false, false},   // 5: transposed
    {true, false, true},    // 6: to be turned clockwise
    {true, true, true},     // 7: transposed over the other diagonal
    {true, true, false},    // 8: to be turned counter-clockwise
}};

}  // namespace

Image turned_upright(Image image, int orientation) {
  if (orientation < 2 || orientation > 8) return image;
  const Turn turn = kTurns[to_size(orientation)];
  Image upright;
  upright.width = turn.swap ? image.height : image.width;
  upright.height = turn.swap ? image.width : image.height;
  upright.pixels.resize(image.pixels.size());
  // Source offset = base + x * across + y * down, so that one loop serves all eight.
  const std::ptrdiff_t row = std::ptrdiff_t{image.width} * 3;
  const std::ptrdiff_t step_x = turn.flip_x ? -3 : 3, step_y = turn.flip_y ? -row : row;
  const std::ptrdiff_t base = (turn.flip_x ? row - 3 : 0) + (turn.flip_y ? row * (image.height - 1) : 0);
  const std::ptrdiff_t across = turn.swap ? step_y : step_x, down = turn.swap ? step_x : step_y;
  std::uint8_t* to = upright.pixels.data();
  for (int y = 0; y < upright.height; ++y) {
    const std::uint8_t* from = image.pixels.data() + base + y * down;
    for (int x = 0; x < upright.width; ++x, to += 3) std::copy_n(from + x * across, 3, to);
  }
  return upright;
}

}  // namespace enxerto
