#include "enxerto/media/image/exif.h"

#include <cstddef>
#include <cstdint>

namespace enxerto {
namespace {

constexpr std::uint32_t kOrientationTag = 0x0112;
constexpr std::uint32_t kTypeByte = 1, kTypeShort = 3, kTypeLong = 4;

/// Numbers of a TIFF block in its byte order; 0 outside of it.
class Block {
 public:
  Block(std::string_view bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  std::uint32_t number(std::size_t at, std::size_t width) const {
    if (at > bytes_.size() || bytes_.size() - at < width) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const std::size_t place = big_endian_ ? i : width - 1 - i;
      value = value << 8 | static_cast<std::uint8_t>(bytes_[at + place]);
    }
    return value;
  }

 private:
  std::string_view bytes_;
  bool big_endian_;
};

std::size_t width_of(std::uint32_t type) {
  if (type == kTypeByte) return 1;
  if (type == kTypeShort) return 2;
  return type == kTypeLong ? 4 : 0;
}

}  // namespace

std::optional<int> exif_orientation(std::string_view block) {
  constexpr std::string_view kPrefix("Exif\0\0", 6);
  while (block.starts_with(kPrefix)) block.remove_prefix(kPrefix.size());
  const bool little = block.starts_with(std::string_view("II*\0", 4));
  if (!little && !block.starts_with(std::string_view("MM\0*", 4))) return std::nullopt;
  const Block numbers(block, !little);
  const std::size_t directory = numbers.number(4, 4);
  const std::uint32_t entries = numbers.number(directory, 2);
  std::optional<int> found;
  for (std::uint32_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + std::size_t{12} * i;
    if (entry + 12 > block.size()) break;
    const std::size_t width = width_of(numbers.number(entry + 2, 2));
    if (numbers.number(entry, 2) != kOrientationTag || width == 0 || numbers.number(entry + 4, 4) != 1) continue;
    const std::uint32_t value = numbers.number(entry + 8, width);
    found = value <= 8 ? static_cast<int>(value) : 1;
  }
  return found;
}

std::optional<int> xmp_orientation(std::string_view packet) {
  constexpr std::string_view kName = "tiff:Orientation";
  for (std::size_t at = packet.find(kName); at != std::string_view::npos; at = packet.find(kName, at + 1)) {
    std::string_view rest = packet.substr(at + kName.size());
    if (rest.starts_with("=\"")) {
      rest.remove_prefix(2);
    } else if (rest.starts_with(">")) {
      rest.remove_prefix(1);
    } else {
      continue;
    }
    if (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') return rest[0] - '0';
  }
  return std::nullopt;
}

int orientation_of(std::string_view exif, std::string_view xmp) {
  return exif_orientation(exif).value_or(xmp_orientation(xmp).value_or(1));
}

}  // namespace enxerto
