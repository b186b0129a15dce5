#include "enxerto/media/image/png_reader.h"

#include <cstdio>
#include <cstring>

namespace enxerto::image_format {
namespace {

constexpr png_alloc_size_t kMaxChunk = 64 << 20;
constexpr unsigned kMaxChunks = 1000;

[[noreturn]] void on_error(png_structp png, png_const_charp text) {
  PngReader& reader = *static_cast<PngReader*>(png_get_error_ptr(png));
  std::snprintf(reader.message.data(), reader.message.size(), "%s", text);
  std::longjmp(reader.jump, 1);
}

void on_read(png_structp png, png_bytep to, std::size_t count) {
  PngReader& reader = *static_cast<PngReader*>(png_get_io_ptr(png));
  if (count > reader.left) png_error(png, "the data end too early");
  std::memcpy(to, reader.next, count);
  reader.next += count;
  reader.left -= count;
}

}  // namespace

bool read_header(PngReader& reader, const Source& source) {
  reader.next = source.data();
  reader.left = source.size();
  return guarded(reader, [&] {
    reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, on_error, [](png_structp, png_const_charp) {});
    if (reader.png != nullptr) reader.info = png_create_info_struct(reader.png);
    if (reader.info == nullptr) std::longjmp(reader.jump, 1);
    png_set_read_fn(reader.png, &reader, on_read);
    png_set_user_limits(reader.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_chunk_malloc_max(reader.png, kMaxChunk);
    png_set_chunk_cache_max(reader.png, kMaxChunks);
    png_read_info(reader.png, reader.info);
  });
}

void read_rows(PngReader& reader, std::uint8_t* rows, std::size_t height, std::size_t row_bytes, std::size_t stride) {
  const int passes = png_set_interlace_handling(reader.png);
  png_read_update_info(reader.png, reader.info);
  if (png_get_rowbytes(reader.png, reader.info) != row_bytes) png_error(reader.png, "rows of another length");
  for (int pass = 0; pass < passes; ++pass)
    for (std::size_t y = 0; y < height; ++y) png_read_row(reader.png, rows + y * stride, nullptr);
}

}  // namespace enxerto::image_format
