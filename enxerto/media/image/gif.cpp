#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/format.h"

namespace enxerto::image_format {
namespace {

struct Cursor {
  const std::uint8_t* next;
  std::size_t left;
};

int on_read(GifFileType* file, GifByteType* to, int count) {
  Cursor& cursor = *static_cast<Cursor*>(file->UserData);
  const std::size_t step = std::min(cursor.left, to_size(std::max(count, 0)));
  std::memcpy(to, cursor.next, step);
  cursor.next += step;
  cursor.left -= step;
  return static_cast<int>(step);
}

struct CloseGif {
  void operator()(GifFileType* file) const { DGifCloseFile(file, nullptr); }
};
using Gif = std::unique_ptr<GifFileType, CloseGif>;

using Palette = std::array<std::uint8_t, 768>;

/// RGB of all 256 indices. Like Pillow: black beyond the end of a palette, a grey ramp where there is none or where all
/// of it lies on that ramp.
Palette palette_of(const ColorMapObject* map) {
  Palette ramp{}, rgb{};
  for (std::size_t i = 0; i < 768; ++i) ramp[i] = static_cast<std::uint8_t>(i / 3);
  if (map == nullptr) return ramp;
  const std::size_t count = std::min<std::size_t>(to_size(map->ColorCount), 256);
  for (std::size_t i = 0; i < count; ++i) {
    rgb[i * 3] = map->Colors[i].Red;
    rgb[i * 3 + 1] = map->Colors[i].Green;
    rgb[i * 3 + 2] = map->Colors[i].Blue;
  }
  return std::equal(rgb.begin(), rgb.begin() + static_cast<std::ptrdiff_t>(count * 3), ramp.begin()) ? ramp : rgb;
}

/// Reads one extension; sets `background` to the transparent index where it is a graphic control block with one.
bool read_extension(GifFileType* gif, std::uint8_t& background) {
  int code = 0;
  GifByteType* block = nullptr;
  if (DGifGetExtension(gif, &code, &block) == GIF_ERROR) return false;
  if (code == GRAPHICS_EXT_FUNC_CODE && block != nullptr && block[0] >= 4 && (block[1] & 1) != 0) background = block[4];
  while (block != nullptr) {
    if (DGifGetExtensionNext(gif, &block) == GIF_ERROR) return false;
  }
  return true;
}

/// Goes on to the first frame; false where there is none.
bool find_frame(GifFileType* gif, std::uint8_t& background) {
  for (;;) {
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    if (DGifGetRecordType(gif, &record) == GIF_ERROR || record == TERMINATE_RECORD_TYPE) return false;
    if (record == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(gif) != GIF_ERROR;
    if (record == EXTENSION_RECORD_TYPE && !read_extension(gif, background)) return false;
  }
}

/// The rows of a frame in the order in which they are stored: from the top, or in four passes.
std::vector<int> row_order(int height, bool interlaced) {
  constexpr std::array<std::array<int, 2>, 4> kPasses{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
  std::vector<int> rows;
  rows.reserve(to_size(height));
  if (!interlaced) {
    for (int y = 0; y < height; ++y) rows.push_back(y);
    return rows;
  }
  for (const auto& [first, step] : kPasses) {
    for (int y = first; y < height; y += step) rows.push_back(y);
  }
  return rows;
}

}  // namespace

Decoded decode_gif(const Source& source) {
  Cursor cursor{source.data(), source.size()};
  int error = 0;
  const Gif gif(DGifOpen(&cursor, on_read, &error));
  if (!gif) throw_damaged(source, "GIF", "its header cannot be read");
  std::uint8_t background = 0;
  if (!find_frame(gif.get(), background)) throw_damaged(source, "GIF", "it has no frame");
  const GifImageDesc& frame = gif->Image;
  if (frame.Width <= 0 || frame.Height <= 0) throw_damaged(source, "GIF", "its first frame is empty");
  // Like Pillow, the canvas grows where the frame does not fit.
  Decoded decoded{
      blank(source, std::max(gif->SWidth, frame.Left + frame.Width), std::max(gif->SHeight, frame.Top + frame.Height)),
      1};
  Image& image = decoded.image;
  const Palette palette = palette_of(frame.ColorMap != nullptr ? frame.ColorMap : gif->SColorMap);
  const auto color = [&](std::uint8_t index) { return &palette[std::size_t{index} * 3]; };
  const std::size_t stride = to_size(image.width) * 3;
  for (std::size_t i = 0; i < stride; i += 3) std::copy_n(color(background), 3, &image.pixels[i]);
  for (std::size_t i = stride; i < image.pixels.size(); i += stride)
    std::copy_n(image.pixels.data(), stride, &image.pixels[i]);

  std::vector<GifPixelType> line(to_size(frame.Width));
  for (const int row : row_order(frame.Height, frame.Interlace)) {
    if (DGifGetLine(gif.get(), line.data(), frame.Width) == GIF_ERROR) {
      throw_damaged(source, "GIF", "its pixels end too early or cannot be decoded");
    }
    const std::size_t start = to_size(frame.Top + row) * to_size(image.width) + to_size(frame.Left);
    std::uint8_t* to = image.pixels.data() + start * 3;
    for (const GifPixelType index : line) to = std::copy_n(color(index), 3, to);
  }
  return decoded;
}

}  // namespace enxerto::image_format
