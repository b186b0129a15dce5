#include "enxerto/media/image/encode_png.h"

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstdio>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

/// libpng's state and ours. Errors come by longjmp, so nothing that has a destructor may live on the stack between
/// `setjmp` and the call that fails.
struct PngWriter {
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::vector<std::byte> file;
  std::jmp_buf jump{};
  std::array<char, 160> message{};

  PngWriter() = default;
  ~PngWriter() { png_destroy_write_struct(&png, &info); }
  PngWriter(const PngWriter&) = delete;
  PngWriter& operator=(const PngWriter&) = delete;
};

[[noreturn]] void on_png_write_error(png_structp png, png_const_charp text) {
  PngWriter& writer = *static_cast<PngWriter*>(png_get_error_ptr(png));
  std::snprintf(writer.message.data(), writer.message.size(), "%s", text);
  std::longjmp(writer.jump, 1);
}

// NOLINTNEXTLINE(readability-non-const-parameter): libpng's type
void on_png_write(png_structp png, png_bytep from, std::size_t count) {
  const auto* begin = reinterpret_cast<const std::byte*>(from);
  std::vector<std::byte>& file = static_cast<PngWriter*>(png_get_io_ptr(png))->file;
  file.insert(file.end(), begin, begin + count);
}

bool write(PngWriter& writer, std::span<const std::uint8_t> indices, std::uint32_t width,
           std::span<const png_color> palette) {
  constexpr int kBits = 8;
  if (setjmp(writer.jump) != 0) return false;
  writer.png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer, on_png_write_error, [](png_structp, png_const_charp) {});
  if (writer.png != nullptr) writer.info = png_create_info_struct(writer.png);
  if (writer.info == nullptr) std::longjmp(writer.jump, 1);
  png_set_write_fn(writer.png, &writer, on_png_write, [](png_structp) {});
  const auto height = width == 0 ? 0U : static_cast<png_uint_32>(indices.size() / width);
  png_set_IHDR(writer.png, writer.info, width, height, kBits, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_PLTE(writer.png, writer.info, palette.data(), static_cast<int>(palette.size()));
  png_write_info(writer.png, writer.info);
  for (png_uint_32 y = 0; y < height; ++y) png_write_row(writer.png, indices.data() + std::size_t{y} * width);
  png_write_end(writer.png, nullptr);
  return true;
}

}  // namespace

std::vector<std::byte> encode_palette_png(std::span<const std::uint8_t> indices, int width, int height,
                                          std::span<const RgbColour> palette) {
  const auto refuse = [](const char* found) { throw Error(ErrorKind::other, {.where = "PNG", .found = found}); };
  if (width < 1 || height < 1 || indices.size() != to_size(width) * to_size(height)) refuse("no pixels, or too few");
  if (*std::ranges::max_element(indices) >= palette.size()) refuse("an index beyond the palette");
  std::vector<png_color> colours;
  for (const RgbColour& colour : palette) colours.push_back({colour[0], colour[1], colour[2]});
  PngWriter writer;
  if (!write(writer, indices, static_cast<std::uint32_t>(width), colours)) refuse(writer.message.data());
  return std::move(writer.file);
}

}  // namespace enxerto
