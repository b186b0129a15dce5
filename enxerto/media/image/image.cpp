#include "enxerto/media/image/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/image/format.h"
#include "enxerto/media/image/orientation.h"

namespace enxerto {
namespace {

using image_format::Format;
using image_format::Source;

bool is_tiff(std::string_view head) {
  using namespace std::string_view_literals;
  return head.starts_with("II*\0"sv) || head.starts_with("MM\0*"sv) || head.starts_with("II+\0"sv) ||
         head.starts_with("MM\0+"sv);
}

bool is_netpbm(std::string_view head) {
  return head[0] == 'P' && head[1] >= '1' && head[1] <= '6' && (head[2] == ' ' || (head[2] >= '\t' && head[2] <= '\r'));
}

constexpr std::array<Format, 7> kFormats{{
    {"JPEG", [](std::string_view head) { return head.starts_with("\xFF\xD8\xFF"); }, image_format::decode_jpeg},
    {"PNG", [](std::string_view head) { return head.starts_with("\x89PNG\r\n\x1A\n"); }, image_format::decode_png},
    {"WebP", [](std::string_view head) { return head.starts_with("RIFF") && head.substr(8).starts_with("WEBP"); },
     image_format::decode_webp},
    {"GIF", [](std::string_view head) { return head.starts_with("GIF87a") || head.starts_with("GIF89a"); },
     image_format::decode_gif},
    {"TIFF", is_tiff, image_format::decode_tiff},
    {"BMP", [](std::string_view head) { return head.starts_with("BM"); }, image_format::decode_bmp},
    {"PNM", is_netpbm, image_format::decode_netpbm},
}};

constexpr std::size_t kHeadBytes = 16;

}  // namespace

const Format* image_format::format_of(std::span<const std::byte> bytes) {
  if (bytes.size() < kHeadBytes) return nullptr;
  const std::string_view head(reinterpret_cast<const char*>(bytes.data()), kHeadBytes);
  const auto* const found = std::ranges::find_if(kFormats, [&](const Format& row) { return row.matches(head); });
  return found == kFormats.end() ? nullptr : found;
}

Image decode_image(std::span<const std::byte> bytes, std::string_view where, const DecodeOptions& options) {
  const Source source{bytes, where, options.scale_to_at_least};
  const Format* format = image_format::format_of(bytes);
  if (format == nullptr) image_format::throw_refused(source);
  image_format::Decoded decoded = format->decode(source);
  return turned_upright(std::move(decoded.image), decoded.orientation);
}

Image image_from_raw(std::span<const std::byte> bytes, const RawPixels& layout) {
  if (layout.channels != 1 && layout.channels != 3) {
    throw data_error("raw pixels", fmt::format("{} channels", layout.channels), "1 (grey) or 3 (RGB)");
  }
  const Source source{bytes, "raw pixels", 0};
  const std::int64_t samples = std::int64_t{layout.width} * layout.height * layout.channels;
  if (layout.width > 0 && layout.height > 0 && bytes.size() != to_size(samples)) {
    throw data_error("raw pixels", fmt::format("{} bytes", bytes.size()),
                     fmt::format("{} x {} x {}", layout.width, layout.height, layout.channels));
  }
  Image image = image_format::blank(source, layout.width, layout.height);
  const std::size_t count = image.pixels.size() / 3;
  // A sample of channel c of pixel i stands at i * pixel_step + c * channel_step; grey reads one channel three times.
  const bool grey = layout.channels == 1;
  const std::size_t pixel_step = grey || layout.planar ? 1 : 3;
  const std::size_t channel_step = grey ? 0 : (layout.planar ? count : 1);
  const std::uint8_t* from = source.data();
  std::uint8_t* to = image.pixels.data();
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t c = 0; c < 3; ++c) *to++ = from[i * pixel_step + c * channel_step];
  }
  return image;
}

}  // namespace enxerto
