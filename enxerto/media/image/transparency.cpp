#include "enxerto/media/image/transparency.h"

#include <png.h>
#include <webp/decode.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/format.h"
#include "enxerto/media/image/orientation.h"
#include "enxerto/media/image/png_reader.h"

namespace enxerto {
namespace {

using image_format::Format;
using image_format::PngReader;
using image_format::Source;

/// How opaque each pixel is, row after row; empty where all are.
using Opacity = std::vector<std::uint8_t>;

constexpr std::size_t kOfPixel = 4;  // red, green, blue, and how opaque it is
constexpr int kWhite = 255, kMiddle = 128;

Opacity fourth_of(const std::uint8_t* pixels, std::size_t count) {
  Opacity opacity(count);
  for (std::size_t i = 0; i < count; ++i) opacity[i] = pixels[kOfPixel * i + 3];
  return opacity;
}

Opacity opacity_of_png(const Source& source, const Image& image) {
  PngReader reader;
  if (!image_format::read_header(reader, source)) return {};
  const bool has_alpha = (png_get_color_type(reader.png, reader.info) & PNG_COLOR_MASK_ALPHA) != 0;
  if (!has_alpha && png_get_valid(reader.png, reader.info, PNG_INFO_tRNS) == 0) return {};
  const std::size_t stride = to_size(image.width) * kOfPixel;
  std::vector<std::uint8_t> pixels(stride * to_size(image.height));
  const bool whole = image_format::guarded(reader, [&] {
    png_set_expand(reader.png);
    png_set_strip_16(reader.png);
    png_set_gray_to_rgb(reader.png);
    image_format::read_rows(reader, pixels.data(), to_size(image.height), stride, stride);
  });
  if (!whole) image_format::throw_damaged(source, "PNG", reader.message.data());
  return fourth_of(pixels.data(), to_size(image.width) * to_size(image.height));
}

struct FreeWebp {
  void operator()(std::uint8_t* pixels) const { WebPFree(pixels); }
};

Opacity opacity_of_webp(const Source& source, const Image& image) {
  WebPBitstreamFeatures features;
  const bool plain = WebPGetFeatures(source.data(), source.size(), &features) != VP8_STATUS_OK ||
                     features.has_alpha == 0 || features.has_animation != 0 || features.width != image.width ||
                     features.height != image.height;
  if (plain) return {};
  int width = 0, height = 0;
  const std::unique_ptr<std::uint8_t, FreeWebp> pixels(WebPDecodeRGBA(source.data(), source.size(), &width, &height));
  return pixels == nullptr ? Opacity() : fourth_of(pixels.get(), to_size(width) * to_size(height));
}

struct OpacityRow {
  std::string_view format;
  Opacity (*read)(const Source& source, const Image& image);
};
constexpr std::array kOpacities{OpacityRow{"PNG", opacity_of_png}, OpacityRow{"WebP", opacity_of_webp}};

/// As ITU-R BT.601 weighs the colours, 0 to 255.
int lightness(const std::uint8_t* pixel) { return (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2]) / 1000; }

/// White, unless that would hide what is seen.
int paper_behind(const Image& image, const Opacity& opacity) {
  bool any = false;
  for (std::size_t i = 0; i < opacity.size(); ++i) {
    if (opacity[i] < kMiddle) continue;
    if (lightness(&image.pixels[3 * i]) < kMiddle) return kWhite;
    any = true;
  }
  return any ? 0 : kWhite;
}

void lay_on_paper(Image& image, const Opacity& opacity) {
  const int paper = paper_behind(image, opacity);
  for (std::size_t i = 0; i < opacity.size(); ++i)
    for (std::size_t c = 0; c < 3; ++c) {
      std::uint8_t& value = image.pixels[3 * i + c];
      const int mixed = value * opacity[i] + paper * (kWhite - opacity[i]);
      value = static_cast<std::uint8_t>((mixed + kWhite / 2) / kWhite);
    }
}

}  // namespace

Image decode_on_paper(std::span<const std::byte> bytes, std::string_view where) {
  const Source source{bytes, where, 0};
  const Format* const format = image_format::format_of(bytes);
  if (format == nullptr) image_format::throw_refused(source);
  image_format::Decoded decoded = format->decode(source);
  const auto* const row = std::ranges::find(kOpacities, format->name, &OpacityRow::format);
  if (row != kOpacities.end()) lay_on_paper(decoded.image, row->read(source, decoded.image));
  return turned_upright(std::move(decoded.image), decoded.orientation);
}

}  // namespace enxerto
