#include "enxerto/media/image/random_change.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace enxerto {
namespace {

constexpr int kTries = 10;  // torchvision's

struct Between {
  double low, high;
};

constexpr Between kCropRatio{3.0 / 4.0, 4.0 / 3.0};
constexpr Between kErasedArea{0.02, 0.33}, kErasedRatio{0.3, 3.3};

double uniform(Rng& rng, const Between& range) { return range.low + (range.high - range.low) * rng.uniform(); }

/// As often in one half of the range of ratios as in its mirror image.
double ratio(Rng& rng, const Between& range) {
  return std::exp(uniform(rng, {std::log(range.low), std::log(range.high)}));
}

int rounded(double value) { return static_cast<int>(std::nearbyint(value)); }

/// 0 to `last`.
int up_to(Rng& rng, int last) { return static_cast<int>(rng.below(static_cast<std::uint64_t>(last) + 1)); }

Rng rng_for(RandomKey key, std::string_view purpose) {
  key.purpose = purpose;
  return Rng(key);
}

/// torchvision's RandomResizedCrop.get_params, its fallback included.
PixelBox draw_crop(const PixelBox& picture, double least, Rng rng) {
  const double area = static_cast<double>(picture.width) * picture.height;
  for (int i = 0; i < kTries; ++i) {
    const double wanted = area * uniform(rng, {least, 1.0}), aspect = ratio(rng, kCropRatio);
    const int width = rounded(std::sqrt(wanted * aspect)), height = rounded(std::sqrt(wanted / aspect));
    if (width < 1 || width > picture.width || height < 1 || height > picture.height) continue;
    const int top = up_to(rng, picture.height - height), left = up_to(rng, picture.width - width);
    return {.left = left, .top = top, .width = width, .height = height};
  }
  const double aspect = static_cast<double>(picture.width) / picture.height;
  PixelBox middle{.left = 0, .top = 0, .width = picture.width, .height = picture.height};
  if (aspect < kCropRatio.low) middle.height = std::max(1, rounded(picture.width / kCropRatio.low));
  if (aspect > kCropRatio.high) middle.width = std::max(1, rounded(picture.height * kCropRatio.high));
  middle.left = (picture.width - middle.width) / 2;
  middle.top = (picture.height - middle.height) / 2;
  return middle;
}

/// torchvision's RandomErasing.get_params.
std::optional<PixelBox> draw_erased(double probability, int size, Rng rng) {
  if (rng.uniform() >= probability) return std::nullopt;
  for (int i = 0; i < kTries; ++i) {
    const double area = static_cast<double>(size) * size * uniform(rng, kErasedArea);
    const double aspect = ratio(rng, kErasedRatio);
    const int height = rounded(std::sqrt(area * aspect)), width = rounded(std::sqrt(area / aspect));
    if (height >= size || width >= size) continue;
    const int top = up_to(rng, size - height), left = up_to(rng, size - width);
    return PixelBox{.left = left, .top = top, .width = width, .height = height};
  }
  return std::nullopt;
}

/// The factor of brightness, contrast or saturation.
double draw_factor(double range, Rng rng) { return uniform(rng, {std::max(0.0, 1.0 - range), 1.0 + range}); }

void draw_colours(const Augmentation& augmentation, const RandomKey& key, PictureChange& change) {
  if (augmentation.brightness > 0) change.brightness = draw_factor(augmentation.brightness, rng_for(key, "brightness"));
  if (augmentation.contrast > 0) change.contrast = draw_factor(augmentation.contrast, rng_for(key, "contrast"));
  if (augmentation.saturation > 0) change.saturation = draw_factor(augmentation.saturation, rng_for(key, "saturation"));
  if (augmentation.hue > 0) {
    Rng rng = rng_for(key, "hue");
    change.hue = uniform(rng, {-augmentation.hue, augmentation.hue});
  }
  if (augmentation.brightness > 0 || augmentation.contrast > 0 || augmentation.saturation > 0 || augmentation.hue > 0) {
    Rng rng = rng_for(key, "colour order");
    for (std::size_t i = 3; i > 0; --i) std::swap(change.colour_order[i], change.colour_order[rng.below(i + 1)]);
  }
}

}  // namespace

PictureChange draw_change(const Augmentation& augmentation, const PixelBox& picture, int size, const RandomKey& key) {
  PictureChange change;
  if (augmentation.crop > 0) change.crop = draw_crop(picture, augmentation.crop, rng_for(key, "crop"));
  if (augmentation.pad_crop > 0) {
    Rng rng = rng_for(key, "pad crop");
    const int most = std::min(rounded(augmentation.pad_crop * size), size - 1);
    change.left = up_to(rng, 2 * most) - most;
    change.up = up_to(rng, 2 * most) - most;
  }
  if (augmentation.rotate > 0) {
    Rng rng = rng_for(key, "rotate");
    change.angle = uniform(rng, {-augmentation.rotate, augmentation.rotate});
  }
  if (augmentation.zoom > 0) {
    Rng rng = rng_for(key, "zoom");
    change.scale = uniform(rng, {1.0 - augmentation.zoom, 1.0 + augmentation.zoom});
  }
  if (augmentation.flip) change.flip = rng_for(key, "flip").below(2) == 1;
  if (augmentation.vertical_flip) change.vertical_flip = rng_for(key, "vertical flip").below(2) == 1;
  draw_colours(augmentation, key, change);
  if (augmentation.erase > 0) change.erased = draw_erased(augmentation.erase, size, rng_for(key, "erase"));
  return change;
}

}  // namespace enxerto
