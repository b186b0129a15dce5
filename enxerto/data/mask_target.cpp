#include "enxerto/data/mask_target.h"

#include <algorithm>
#include <array>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::size_t kPixelValues = 256;

std::array<std::uint64_t, kPixelValues> pixels_of_values(const Tensor& target) {
  require_mask(target);
  std::array<std::uint64_t, kPixelValues> counts{};
  for (const std::uint8_t value : target.as<std::uint8_t>()) ++counts[value];
  return counts;
}

}  // namespace

void require_mask(const Tensor& target) {
  if (target.dtype() == DType::u8 && target.shape().size() == 2 && target.size() > 0) return;
  throw data_error("masks", "a target " + to_string(target.shape()), "(height, width) of uint8");
}

std::vector<std::uint64_t> pixels_of_classes(const Tensor& target, std::size_t classes) {
  const auto counts = pixels_of_values(target);
  return {counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(std::min(classes, kMostMaskClasses))};
}

void labels_of_mask(const Tensor& target, std::vector<std::uint32_t>& labels) {
  const auto counts = pixels_of_values(target);
  for (std::uint32_t label = 0; label < kIgnoredPixel; ++label)
    if (counts[label] > 0) labels.push_back(label);
}

Tensor renumber_mask(const Tensor& target, std::span<const std::int64_t> numbers, std::size_t /*width*/) {
  std::array<std::uint8_t, kPixelValues> renumbered{};
  renumbered.fill(kIgnoredPixel);
  for (std::size_t i = 0; i < std::min(numbers.size(), kMostMaskClasses); ++i)
    if (numbers[i] >= 0) renumbered[i] = static_cast<std::uint8_t>(numbers[i]);
  require_mask(target);
  TensorBuffer mask(DType::u8, target.shape());
  std::ranges::transform(target.as<std::uint8_t>(), mask.as<std::uint8_t>().begin(),
                         [&](std::uint8_t value) { return renumbered[value]; });
  const auto pixels = mask.as<std::uint8_t>();
  if (std::ranges::all_of(pixels, [](std::uint8_t value) { return value == kIgnoredPixel; })) return {};
  return std::move(mask).freeze();
}

void mark_classes_of_mask(const Tensor& target, std::vector<bool>& used) {
  const auto counts = pixels_of_values(target);
  for (std::size_t i = 0; i < std::min(used.size(), kMostMaskClasses); ++i)
    if (counts[i] > 0) used[i] = true;
}

}  // namespace enxerto
