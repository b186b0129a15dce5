#include "enxerto/media/image/augment.h"

#include <algorithm>
#include <array>

#include "enxerto/media/image/affine.h"
#include "enxerto/media/image/colour.h"
#include "enxerto/media/image/flip.h"
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

void change_geometry(Image& view, const PictureChange& change) {
  shift_reflected(view, change.left, change.up);
  if (change.angle != 0 || change.scale != 1) {
    const AffineChange turn{.angle = change.angle, .scale = change.scale};
    view = transform(view, affine_matrix(turn, view.width * 0.5, view.height * 0.5), Sampling::bilinear);
  }
  if (change.flip) flip_left_right(view);
  if (change.vertical_flip) flip_top_bottom(view);
}

void change_colours(Image& view, const PictureChange& change) {
  // In the order of `colour_order`'s numbers.
  const std::array<void (*)(Image&, const PictureChange&), 4> steps{[](Image& image, const PictureChange& by) {
                                                                      if (by.brightness != 1)
                                                                        adjust_brightness(image, by.brightness);
                                                                    },
                                                                    [](Image& image, const PictureChange& by) {
                                                                      if (by.contrast != 1)
                                                                        adjust_contrast(image, by.contrast);
                                                                    },
                                                                    [](Image& image, const PictureChange& by) {
                                                                      if (by.saturation != 1)
                                                                        adjust_saturation(image, by.saturation);
                                                                    },
                                                                    [](Image& image, const PictureChange& by) {
                                                                      if (by.hue != 0) adjust_hue(image, by.hue);
                                                                    }};
  for (const std::uint8_t step : change.colour_order) steps[step](view, change);
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
  change_geometry(view, drawn.change);
  change_colours(view, drawn.change);
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
