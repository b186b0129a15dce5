#include "enxerto/media/image/encode_jpeg.h"

#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
// jpeglib.h needs std::size_t and FILE before it.
#include <jpeglib.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

/// libjpeg's state and ours behind it. Errors come by longjmp, so nothing that has a destructor may live on the stack
/// between `setjmp` and the call that fails.
struct Writer {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  std::jmp_buf jump{};
  std::array<char, JMSG_LENGTH_MAX> message{};
  unsigned char* file = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): libjpeg's

  Writer() = default;
  ~Writer() {
    jpeg_destroy_compress(&info);
    std::free(file);  // NOLINT(cppcoreguidelines-no-malloc): libjpeg allocates it so
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
};

[[noreturn]] void on_encoder_error(j_common_ptr info) {
  Writer& writer = *static_cast<Writer*>(info->client_data);
  info->err->format_message(info, writer.message.data());
  std::longjmp(writer.jump, 1);
}

bool write(Writer& writer, const Image& image, int quality) {
  writer.info.err = jpeg_std_error(&writer.errors);
  writer.info.client_data = &writer;
  writer.errors.error_exit = on_encoder_error;
  if (setjmp(writer.jump) != 0) return false;
  jpeg_create_compress(&writer.info);
  jpeg_mem_dest(&writer.info, &writer.file, &writer.size);
  writer.info.image_width = static_cast<JDIMENSION>(image.width);
  writer.info.image_height = static_cast<JDIMENSION>(image.height);
  writer.info.input_components = 3;
  writer.info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&writer.info);
  jpeg_set_quality(&writer.info, quality, TRUE);
  jpeg_start_compress(&writer.info, TRUE);
  while (writer.info.next_scanline < writer.info.image_height) {
    // libjpeg only reads it, but does not say so.
    JSAMPROW row = const_cast<JSAMPROW>(image.pixels.data()) + to_size(image.width) * 3 * writer.info.next_scanline;
    jpeg_write_scanlines(&writer.info, &row, 1);
  }
  jpeg_finish_compress(&writer.info);
  return true;
}

}  // namespace

std::vector<std::byte> encode_jpeg(const Image& image, int quality) {
  Writer writer;
  if (!write(writer, image, quality)) throw Error(ErrorKind::other, {.where = "JPEG", .found = writer.message.data()});
  const auto* begin = reinterpret_cast<const std::byte*>(writer.file);
  return {begin, begin + writer.size};
}

}  // namespace enxerto
