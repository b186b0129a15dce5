#include "enxerto/media/image/picture_size.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "enxerto/media/image/exif.h"
#include "enxerto/media/image/image.h"

namespace enxerto {
namespace {

/// Reads big-endian numbers from front to back; nothing beyond the end.
class HeadReader {
 public:
  explicit HeadReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::optional<std::uint32_t> number(std::size_t at, std::size_t size) const {
    if (at > bytes_.size() || size > bytes_.size() - at) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | std::to_integer<std::uint32_t>(bytes_[at + i]);
    return value;
  }
  std::string_view text(std::size_t at, std::size_t size) const {
    if (at > bytes_.size() || size > bytes_.size() - at) return {};
    return {reinterpret_cast<const char*>(bytes_.data()) + at, size};
  }

 private:
  std::span<const std::byte> bytes_;
};

PictureSize upright(std::uint32_t width, std::uint32_t height, int orientation) {
  constexpr int kFirstLying = 5, kLastLying = 8;
  PictureSize size{.width = static_cast<int>(width), .height = static_cast<int>(height)};
  if (orientation >= kFirstLying && orientation <= kLastLying) std::swap(size.width, size.height);
  return size;
}

bool is_frame(std::uint32_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// Segments up to the frame header (ITU-T T.81, B.2.2), which has the size.
std::optional<PictureSize> jpeg_head(const HeadReader& head) {
  if (head.number(0, 2) != 0xFFD8) return std::nullopt;
  constexpr std::string_view kExif("Exif\0\0", 6), kXmp("http://ns.adobe.com/xap/1.0/\0", 29);
  std::string exif, xmp;
  for (std::size_t at = 2;;) {
    const auto marker = head.number(at, 2), length = head.number(at + 2, 2);
    if (!marker || !length || *marker >> 8 != 0xFF || *length < 2) return std::nullopt;
    const std::uint32_t kind = *marker & 0xFF;
    if (kind == 0xFF) {  // a fill byte
      ++at;
      continue;
    }
    if (is_frame(kind)) {
      const auto height = head.number(at + 5, 2), width = head.number(at + 7, 2);
      if (!height || !width || *height == 0 || *width == 0) return std::nullopt;
      return upright(*width, *height, orientation_of(exif, xmp));
    }
    const std::string_view text = head.text(at + 4, *length - 2);
    if (kind == 0xE1 && text.starts_with(kExif)) exif += text.substr(kExif.size());
    if (kind == 0xE1 && text.starts_with(kXmp)) xmp = text.substr(kXmp.size());
    at += 2 + *length;
  }
}

/// The first chunk has the size; whether one that may turn the picture comes behind it is seen in all their names.
std::optional<PictureSize> png_head(const HeadReader& head) {
  constexpr std::size_t kSignature = 8, kAround = 12;
  constexpr std::array<std::string_view, 4> kTurning{"eXIf", "tEXt", "zTXt", "iTXt"};
  if (head.text(0, 4) != "\x89PNG" || head.text(kSignature + 4, 4) != "IHDR") return std::nullopt;
  const auto width = head.number(16, 4), height = head.number(20, 4);
  for (std::size_t at = kSignature;;) {
    const auto length = head.number(at, 4);
    const std::string_view name = head.text(at + 4, 4);
    if (!length || name.empty()) return std::nullopt;
    for (const std::string_view turning : kTurning)
      if (name == turning) return std::nullopt;
    if (name == "IEND") return upright(*width, *height, 1);
    at += kAround + *length;
  }
}

}  // namespace

PictureSize picture_size(std::span<const std::byte> bytes, std::string_view where) {
  const HeadReader head(bytes);
  if (const auto size = jpeg_head(head)) return *size;
  if (const auto size = png_head(head)) return *size;
  const Image image = decode_image(bytes, where);
  return {.width = image.width, .height = image.height};
}

}  // namespace enxerto
