#include "enxerto/media/image/sixteen_bits.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/media/image/image.h"

namespace enxerto {
namespace {

using namespace std::string_view_literals;
using Bytes = std::span<const std::byte>;

constexpr std::size_t kPngDepth = 24;                   // behind signature, length, "IHDR", width and height
constexpr std::uint32_t kBitsPerSample = 258;           // a TIFF tag
constexpr std::size_t kEntry = 12, kValue = 8;          // bytes of a tag, and where its value is
constexpr unsigned kWhole = 65535, kFewest = 1U << 6U;  // of 256 steps of the upper byte: a quarter

std::uint32_t number(Bytes file, std::size_t at, std::size_t bytes, bool little) {
  std::uint32_t value = 0;
  if (at > file.size() || file.size() - at < bytes) return 0;
  for (std::size_t i = 0; i < bytes; ++i)
    value = value << 8U | std::to_integer<std::uint32_t>(file[at + (little ? bytes - 1 - i : i)]);
  return value;
}

/// Bits of the first sample of a TIFF's first picture; 0 where the file does not say.
std::uint32_t tiff_bits(Bytes file, bool little) {
  const std::size_t directory = number(file, 4, 4, little);
  const std::size_t entries = number(file, directory, 2, little);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntry;
    if (number(file, entry, 2, little) != kBitsPerSample) continue;
    const bool inside = number(file, entry + 4, 4, little) <= 2;
    return number(file, inside ? entry + kValue : number(file, entry + kValue, 4, little), 2, little);
  }
  return 0;
}

}  // namespace

bool has_16_bits(Bytes file) {
  const std::string_view head(reinterpret_cast<const char*>(file.data()), std::min<std::size_t>(file.size(), 8));
  if (head == "\x89PNG\r\n\x1A\n"sv) return number(file, kPngDepth, 1, false) == 16;
  if (head.starts_with("II*\0"sv)) return tiff_bits(file, true) == 16;
  return head.starts_with("MM\0*"sv) && tiff_bits(file, false) == 16;
}

std::string few_of_16_bits(Bytes file) {
  if (!has_16_bits(file)) return "";
  const Image image = decode_image(file, "picture");
  if (image.pixels.empty()) return "";
  const unsigned upper = *std::ranges::max_element(image.pixels);
  return upper < kFewest ? fmt::format("at most {} of {}", ((upper + 1) << 8U) - 1, kWhole) : "";
}

}  // namespace enxerto
