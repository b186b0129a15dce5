#include <fmt/format.h>

#include <array>

#include "enxerto/base/error.h"
#include "enxerto/media/image/augment.h"
#include "enxerto/media/image/random_operations.h"

namespace enxerto {
namespace {

struct Range {
  std::string_view name;
  double Augmentation::* field;
  double least, most;
};

constexpr std::array<Range, 11> kRanges{{
    {"crop", &Augmentation::crop, 0, 1},
    {"pad_crop", &Augmentation::pad_crop, 0, 0.5},
    {"rotate", &Augmentation::rotate, 0, 180},
    {"zoom", &Augmentation::zoom, 0, 0.9},
    {"brightness", &Augmentation::brightness, 0, 10},
    {"contrast", &Augmentation::contrast, 0, 10},
    {"saturation", &Augmentation::saturation, 0, 10},
    {"hue", &Augmentation::hue, 0, 0.5},
    {"erase", &Augmentation::erase, 0, 1},
    {"mixup", &Augmentation::mixup, 0, 100},
    {"cutmix", &Augmentation::cutmix, 0, 100},
}};

constexpr std::int64_t kMostOperations = 20;

struct Found {
  std::string_view field;
  std::string value;
  double least, most;
};

[[noreturn]] void refuse(std::string_view where, const Found& found) {
  throw Error(ErrorKind::usage, {.where = std::string(where),
                                 .found = fmt::format("augmentation '{}' is {}", found.field, found.value),
                                 .expected = fmt::format("{} to {}", found.least, found.most),
                                 .tip = "0 switches it off"});
}

}  // namespace

bool changes_pictures(const Augmentation& augmentation) {
  Augmentation pictures_only = augmentation;
  pictures_only.mixup = pictures_only.cutmix = 0;
  pictures_only.randaugment_magnitude = Augmentation{}.randaugment_magnitude;
  return pictures_only != Augmentation{};
}

DecodeOptions decode_options(const ImagePreprocess& preprocess, const Augmentation& augmentation) {
  return augmentation.crop > 0 ? DecodeOptions{} : decode_options(preprocess);
}

Json to_json(const Augmentation& augmentation) {
  return {{"flip", augmentation.flip},
          {"vertical_flip", augmentation.vertical_flip},
          {"crop", augmentation.crop},
          {"pad_crop", augmentation.pad_crop},
          {"rotate", augmentation.rotate},
          {"zoom", augmentation.zoom},
          {"brightness", augmentation.brightness},
          {"contrast", augmentation.contrast},
          {"saturation", augmentation.saturation},
          {"hue", augmentation.hue},
          {"randaugment", augmentation.randaugment},
          {"randaugment_magnitude", augmentation.randaugment_magnitude},
          {"erase", augmentation.erase},
          {"mixup", augmentation.mixup},
          {"cutmix", augmentation.cutmix}};
}

void check(const Augmentation& augmentation, std::string_view where) {
  for (const Range& range : kRanges) {
    const double value = augmentation.*range.field;
    if (value >= range.least && value <= range.most) continue;  // also false for what is not a number
    refuse(where, {range.name, fmt::format("{}", value), range.least, range.most});
  }
  if (augmentation.randaugment < 0 || augmentation.randaugment > kMostOperations)
    refuse(where, {"randaugment", fmt::format("{}", augmentation.randaugment), 0, kMostOperations});
  if (augmentation.randaugment_magnitude < 0 || augmentation.randaugment_magnitude > kLargestMagnitude) {
    const std::string value = fmt::format("{}", augmentation.randaugment_magnitude);
    refuse(where, {"randaugment_magnitude", value, 0, kLargestMagnitude});
  }
}

}  // namespace enxerto
