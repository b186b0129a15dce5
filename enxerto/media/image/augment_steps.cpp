#include "enxerto/media/image/augment_steps.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "enxerto/media/image/affine.h"
#include "enxerto/media/image/colour.h"
#include "enxerto/media/image/flip.h"

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

using A = Augmentation;
using C = PictureChange;

void draw_shift(const A& a, const DrawnFor& drawn_for, Rng rng, C& change) {
  const int most = std::min(rounded(a.pad_crop * drawn_for.size), drawn_for.size - 1);
  change.left = up_to(rng, 2 * most) - most;
  change.up = up_to(rng, 2 * most) - most;
}

void turn_and_scale(Image& view, const C& change) {
  if (change.angle == 0 && change.scale == 1) return;
  const AffineChange turn{.angle = change.angle, .scale = change.scale};
  view = transform(view, affine_matrix(turn, view.width * 0.5, view.height * 0.5), Sampling::bilinear);
}

constexpr std::array kGeometry{
    AugmentStep{{"crop", [](A& a) -> SettingSlot { return &a.crop; },
                 "RandomResizedCrop: smallest share of the area that is kept (0.08)", kShare},
                "crop",
                [](const A& a, const DrawnFor& f, Rng rng, C& c) { c.crop = draw_crop(f.picture, a.crop, rng); },
                nullptr},
    AugmentStep{{"pad_crop", [](A& a) -> SettingSlot { return &a.pad_crop; },
                 "shift by up to this share of the side, the border reflected (CIFAR: 0.125)", from_to(0, 0.5)},
                "pad crop",
                draw_shift,
                [](Image& view, const C& c) { shift_reflected(view, c.left, c.up); }},
    AugmentStep{{"rotate", [](A& a) -> SettingSlot { return &a.rotate; },
                 "rotation by up to this many degrees to either side", from_to(0, 180)},
                "rotate",
                [](const A& a, const DrawnFor&, Rng rng, C& c) { c.angle = uniform(rng, {-a.rotate, a.rotate}); },
                nullptr},
    AugmentStep{
        {"zoom", [](A& a) -> SettingSlot { return &a.zoom; }, "scale between 1 - zoom and 1 + zoom", from_to(0, 0.9)},
        "zoom",
        [](const A& a, const DrawnFor&, Rng rng, C& c) { c.scale = uniform(rng, {1.0 - a.zoom, 1.0 + a.zoom}); },
        turn_and_scale},
    AugmentStep{
        {"flip", [](A& a) -> SettingSlot { return &a.flip; }, "left and right swapped, in every second picture"},
        "flip",
        [](const A&, const DrawnFor&, Rng rng, C& c) { c.flip = rng.below(2) == 1; },
        [](Image& view, const C& c) {
          if (c.flip) flip_left_right(view);
        }},
    AugmentStep{{"vertical_flip", [](A& a) -> SettingSlot { return &a.vertical_flip; },
                 "top and bottom swapped, in every second picture"},
                "vertical flip",
                [](const A&, const DrawnFor&, Rng rng, C& c) { c.vertical_flip = rng.below(2) == 1; },
                [](Image& view, const C& c) {
                  if (c.vertical_flip) flip_top_bottom(view);
                }},
    AugmentStep{{"erase", [](A& a) -> SettingSlot { return &a.erase; },
                 "probability of an erased rectangle (Zhong et al. 2017)", kShare},
                "erase",
                [](const A& a, const DrawnFor& f, Rng rng, C& c) { c.erased = draw_erased(a.erase, f.size, rng); },
                nullptr},
};

/// A factor of 1 changes nothing.
template <void (*adjust)(Image&, double)>
void by_factor(Image& view, double factor) {
  if (factor != 1) adjust(view, factor);
}

constexpr std::array kColours{
    AugmentStep{{"brightness", [](A& a) -> SettingSlot { return &a.brightness; }, "factor between 1 - x and 1 + x",
                 from_to(0, 10)},
                "brightness",
                [](const A& a, const DrawnFor&, Rng rng, C& c) { c.brightness = draw_factor(a.brightness, rng); },
                [](Image& view, const C& c) { by_factor<adjust_brightness>(view, c.brightness); }},
    AugmentStep{
        {"contrast", [](A& a) -> SettingSlot { return &a.contrast; }, "factor between 1 - x and 1 + x", from_to(0, 10)},
        "contrast",
        [](const A& a, const DrawnFor&, Rng rng, C& c) { c.contrast = draw_factor(a.contrast, rng); },
        [](Image& view, const C& c) { by_factor<adjust_contrast>(view, c.contrast); }},
    AugmentStep{{"saturation", [](A& a) -> SettingSlot { return &a.saturation; }, "factor between 1 - x and 1 + x",
                 from_to(0, 10)},
                "saturation",
                [](const A& a, const DrawnFor&, Rng rng, C& c) { c.saturation = draw_factor(a.saturation, rng); },
                [](Image& view, const C& c) { by_factor<adjust_saturation>(view, c.saturation); }},
    AugmentStep{{"hue", [](A& a) -> SettingSlot { return &a.hue; }, "share of the colour circle to either side",
                 from_to(0, 0.5)},
                "hue",
                [](const A& a, const DrawnFor&, Rng rng, C& c) { c.hue = uniform(rng, {-a.hue, a.hue}); },
                [](Image& view, const C& c) {
                  if (c.hue != 0) adjust_hue(view, c.hue);
                }},
};
static_assert(kColours.size() == std::tuple_size_v<decltype(PictureChange::colour_order)>);

}  // namespace

bool is_on(const AugmentStep& step, Augmentation augmentation) {
  const SettingSlot slot = step.setting.slot(augmentation);
  if (const auto* flag = std::get_if<bool*>(&slot)) return **flag;
  return **std::get_if<double*>(&slot) > 0;
}

std::span<const AugmentStep> geometry_steps() { return kGeometry; }

std::span<const AugmentStep> colour_steps() { return kColours; }

}  // namespace enxerto
