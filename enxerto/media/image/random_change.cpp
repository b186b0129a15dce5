#include "enxerto/media/image/random_change.h"

#include <algorithm>
#include <utility>

#include "enxerto/media/image/augment_steps.h"

namespace enxerto {
namespace {

Rng rng_for(RandomKey key, std::string_view purpose) {
  key.purpose = purpose;
  return Rng(key);
}

}  // namespace

PictureChange draw_change(const Augmentation& augmentation, const PixelBox& picture, int size, const RandomKey& key) {
  PictureChange change;
  const DrawnFor drawn_for{.picture = picture, .size = size};
  const auto draw = [&](const AugmentStep& step) {
    if (!is_on(step, augmentation)) return false;
    step.draw(augmentation, drawn_for, rng_for(key, step.purpose), change);
    return true;
  };
  for (const AugmentStep& step : geometry_steps()) draw(step);
  bool any = false;
  for (const AugmentStep& step : colour_steps()) any = draw(step) || any;
  if (any) {
    Rng rng = rng_for(key, "colour order");
    std::array<std::uint8_t, 4>& order = change.colour_order;
    for (std::size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[rng.below(i + 1)]);
  }
  return change;
}

}  // namespace enxerto
