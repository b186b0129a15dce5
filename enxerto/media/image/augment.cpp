#include "enxerto/media/image/augment.h"

#include <algorithm>

#include "enxerto/media/image/augment_steps.h"
#include "enxerto/media/image/preprocess_steps.h"
#include "enxerto/media/image/random_change.h"
#include "enxerto/media/image/random_operations.h"
#include "enxerto/media/image/resample.h"

namespace enxerto {
namespace {

/// The picture, or the crop of it, at the network's size.
Image resized(const Image& image, const ImagePreprocess& preprocess, const std::optional<PixelBox>& box) {
  if (box && *box != PixelBox{.left = 0, .top = 0, .width = image.width, .height = image.height}) {
    const Image cut = crop(image, box->left, box->top, box->width, box->height);
    return resize(cut, preprocess.size, preprocess.size, preprocess.filter);
  }
  if (box) return resize(image, preprocess.size, preprocess.size, preprocess.filter);
  const Axes axes = preprocess_axes(image, preprocess);
  const auto bytes = static_cast<std::size_t>(preprocess.size) * 3;
  Image view{preprocess.size, preprocess.size, std::vector<std::uint8_t>(bytes * bytes / 3)};
  thread_resampler().run(image, axes.across, axes.down, [&](std::size_t y, const std::uint8_t* row) {
    std::copy_n(row, bytes, view.pixels.data() + y * bytes);
  });
  return view;
}

void erase(const PixelBox& box, int size, std::span<float> out) {
  for (int row = 0; row < 3 * size; ++row) {
    if (row % size < box.top || row % size >= box.top + box.height) continue;
    std::fill_n(out.data() + std::ptrdiff_t{row} * size + box.left, box.width, 0.0F);
  }
}

}  // namespace

RandomOperations operations_of(const DrawnChange& drawn) {
  const RandomKey& key = drawn.key;
  return {.count = static_cast<int>(drawn.augmentation.randaugment),
          .magnitude = static_cast<int>(drawn.augmentation.randaugment_magnitude),
          .key = {key.seed, key.epoch, key.example, "randaugment"}};
}

void change_into(const Image& image, const ImagePreprocess& preprocess, const DrawnChange& drawn,
                 std::span<float> out) {
  check_request(image, preprocess, out.size());
  const int size = preprocess.size;
  Image view = resized(image, preprocess, drawn.change.crop);
  for (const AugmentStep& step : geometry_steps()) {
    if (step.apply != nullptr) step.apply(view, drawn.change);
  }
  for (const std::uint8_t number : drawn.change.colour_order) colour_steps()[number].apply(view, drawn.change);
  if (drawn.augmentation.randaugment > 0) apply_random_operations(view, operations_of(drawn));
  const NormalisedValues values(preprocess);
  const auto rows = static_cast<std::size_t>(size);
  for (std::size_t y = 0; y < rows; ++y) values.write_row(view.pixels.data() + y * rows * 3, y, out);
  if (drawn.change.erased) erase(*drawn.change.erased, size, out);
}

void augment_into(const Image& image, const ImagePreprocess& preprocess, const Augmentation& augmentation,
                  const RandomKey& key, std::span<float> out) {
  check(augmentation, "augmentation");
  if (!changes_pictures(augmentation)) return preprocess_into(image, preprocess, out);
  check_request(image, preprocess, out.size());
  const PixelBox whole{.left = 0, .top = 0, .width = image.width, .height = image.height};
  const PictureChange change = draw_change(augmentation, whole, preprocess.size, key);
  change_into(image, preprocess, {augmentation, change, key}, out);
}

}  // namespace enxerto
