#include "enxerto/pretrained/hub/image_processor.h"

#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

using Fit = ImagePreprocess::Fit;

constexpr int kConvnextSquash = 384;  // px; from here on its processor does not crop

/// The filters by Pillow's numbers.
constexpr std::array kFilters{Filter::nearest, Filter::lanczos, Filter::bilinear,
                              Filter::bicubic, Filter::box,     Filter::hamming};

int side(const HubConfig& config, std::string_view key, std::int64_t value) {
  if (value < 1 || value > kMaxInputSide)
    config.fail(fmt::format("'{}' is of {} px", key, value), fmt::format("1 to {} px", kMaxInputSide));
  return static_cast<int>(value);
}

/// What a size may be: one number, a square, or the shorter side alone.
struct Size {
  int length = 0;
  enum class Of { both, square, shorter } of = Of::both;
};

std::optional<Size> size_at(const HubConfig& config, std::string_view key) {
  const Json* const value = config.find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_object()) return Size{side(config, key, config.integer(key, 0)), Size::Of::both};
  const HubConfig inside = config.inside(key);
  if (inside.find("shortest_edge") != nullptr)
    return Size{side(config, key, inside.integer("shortest_edge", 0)), Size::Of::shorter};
  const int height = side(config, key, inside.integer("height", 0));
  if (height != inside.integer("width", 0))
    config.fail(fmt::format("'{}' is {}", key, value->dump()), "a square", "export it as ONNX and name that file");
  return Size{height, Size::Of::square};
}

/// A fraction that gives the shorter side back to the pixel: floor(size / fraction).
double fraction_of(int size, int shorter) {
  double fraction = static_cast<double>(size) / shorter;
  if (std::floor(size / fraction) < shorter) fraction = std::nextafter(fraction, 0.0);
  return fraction;
}

void read_geometry(const HubConfig& config, ImagePreprocess& preprocess) {
  const std::string type = config.text("image_processor_type", config.text("feature_extractor_type", ""));
  const std::optional<Size> size = size_at(config, "size"), crop = size_at(config, "crop_size");
  if (type.starts_with("ConvNext") || config.find("crop_pct") != nullptr) {
    if (size) preprocess.size = size->length;
    preprocess.fit = preprocess.size < kConvnextSquash ? Fit::center_crop : Fit::squash;
    preprocess.crop_fraction = config.number("crop_pct", 224.0 / 256);
    return;
  }
  if (!size && !crop) return;
  const Size resized = size.value_or(Size{preprocess.size, Size::Of::both});
  const bool crops = config.flag("do_center_crop", false);
  const bool squashes = resized.of == Size::Of::square || (resized.of == Size::Of::both && !crops);
  const int kept = crops ? crop.value_or(resized).length : resized.length;
  if ((squashes && kept != resized.length) || kept > resized.length || (!squashes && !crops))
    config.fail(fmt::format("resizes {} to {} px and keeps {}", squashes ? "both sides" : "the shorter side",
                            resized.length, crops ? fmt::format("{} px", kept) : "all"),
                "a square input", "export the network as ONNX, or name the architecture, with backbone.weights = FILE");
  preprocess.size = kept;
  preprocess.fit = squashes ? Fit::squash : Fit::center_crop;
  if (!squashes) preprocess.crop_fraction = fraction_of(kept, resized.length);
}

std::array<float, 3> three(const HubConfig& config, std::string_view key, const std::array<float, 3>& usual) {
  const std::vector<double> found = config.numbers(key, {usual[0], usual[1], usual[2]});
  if (found.size() != 3) config.fail(fmt::format("'{}' has {} numbers", key, found.size()), "3: red, green, blue");
  return {static_cast<float>(found[0]), static_cast<float>(found[1]), static_cast<float>(found[2])};
}

void check(const HubConfig& config, const ImagePreprocess& preprocess) {
  if (!(preprocess.crop_fraction > 0 && preprocess.crop_fraction <= 1))
    config.fail(fmt::format("crops to {} of the picture", preprocess.crop_fraction), "more than 0 and at most 1");
  for (const float deviation : preprocess.deviation)
    if (!(deviation > 0 && std::isfinite(deviation)))
      config.fail(fmt::format("has a standard deviation of {}", deviation), "one above 0");
  if (!(preprocess.divisor > 0 && std::isfinite(preprocess.divisor)))
    config.fail(fmt::format("scales by 1 / {}", preprocess.divisor), "a factor above 0");
}

void read_numbers(const HubConfig& config, ImagePreprocess& preprocess) {
  if (config.flag("rescale_offset", false))
    config.fail("'rescale_offset' is true", "pictures that are scaled without an offset", "export the network as ONNX");
  // 1 / 255 as a decimal number gives 255.00000000000003 back.
  if (config.find("rescale_factor") != nullptr)
    preprocess.divisor = static_cast<float>(1 / config.number("rescale_factor", 1));
  if (!config.flag("do_rescale", true)) preprocess.divisor = 1;
  preprocess.mean = three(config, "image_mean", preprocess.mean);
  preprocess.deviation = three(config, "image_std", preprocess.deviation);
  if (config.flag("do_normalize", true)) return;
  preprocess.mean = {0, 0, 0};
  preprocess.deviation = {1, 1, 1};
}

}  // namespace

ImagePreprocess image_processor(const HubConfig& config, const ImagePreprocess& usual) {
  ImagePreprocess preprocess = usual;
  if (!config.flag("do_resize", true))
    config.fail("'do_resize' is false", "pictures that are resized to one size", "set it to true, with a 'size'");
  read_geometry(config, preprocess);
  read_numbers(config, preprocess);
  if (const Json* const resample = config.find("resample"); resample != nullptr) {
    const std::int64_t number = config.integer("resample", 0);
    if (number < 0 || number >= static_cast<std::int64_t>(kFilters.size()))
      config.fail(fmt::format("'resample' is {}", number), "0 to 5, Pillow's number of a filter");
    preprocess.filter = kFilters.at(to_size(number));
  }
  check(config, preprocess);
  return preprocess;
}

ImagePreprocess timm_preprocess(const HubConfig& config) {
  ImagePreprocess preprocess;
  const std::vector<double> size = config.numbers("input_size", {3, 224, 224});
  if (size.size() != 3 || size[0] != 3 || size[1] != size[2] || !(size[1] >= 1 && size[1] <= kMaxInputSide))
    config.fail("'input_size' is not that of square colour pictures", "[3, 224, 224]", "export it as ONNX");
  preprocess.size = static_cast<int>(size[1]);
  preprocess.crop_fraction = config.number("crop_pct", 0.875);
  const std::string mode = config.text("crop_mode", "center"), filter = config.text("interpolation", "bilinear");
  if (mode != "center" && mode != "squash")
    config.fail("'crop_mode' is '" + mode + "'", "'center' or 'squash'", "export it as ONNX");
  preprocess.fit = mode == "squash" ? Fit::squash : Fit::center_crop;
  if (preprocess.fit == Fit::squash && preprocess.crop_fraction < 1)
    config.fail(fmt::format("squashes and then crops to {}", preprocess.crop_fraction), "one of the two");
  const std::optional<Filter> known = filter_named(filter);
  if (!known)
    config.fail("'interpolation' is '" + filter + "'", "'nearest', 'bilinear', 'bicubic', 'box', 'lanczos' ..");
  preprocess.filter = *known;
  preprocess.mean = three(config, "mean", preprocess.mean);
  preprocess.deviation = three(config, "std", preprocess.deviation);
  check(config, preprocess);
  return preprocess;
}

}  // namespace enxerto
