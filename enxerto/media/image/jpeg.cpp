#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
// jpeglib.h needs std::size_t and FILE before it.
#include <jpeglib.h>

#include <string>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/cmyk.h"
#include "enxerto/media/image/exif.h"
#include "enxerto/media/image/format.h"

namespace enxerto::image_format {
namespace {

// No real encoder writes more; each scan of a hostile file costs a pass over the whole picture.
constexpr int kMaxScans = 500;
constexpr int kApp1 = JPEG_APP0 + 1;

/// libjpeg's state and ours behind it. libjpeg reports errors by longjmp, so nothing that has a destructor may live on
/// the stack between `guarded` and the call that fails.
struct JpegReader {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_source_mgr input{};
  jpeg_progress_mgr progress{};
  std::jmp_buf jump{};
  std::array<char, JMSG_LENGTH_MAX> message{};

  JpegReader() = default;
  ~JpegReader() { jpeg_destroy_decompress(&info); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;
};

JpegReader& reader_of(void* info) {
  return *static_cast<JpegReader*>(static_cast<jpeg_common_struct*>(info)->client_data);
}

[[noreturn]] void on_error(j_common_ptr info) {
  JpegReader& reader = reader_of(info);
  info->err->format_message(info, reader.message.data());
  std::longjmp(reader.jump, 1);
}

void fail(JpegReader& reader, const char* message) {
  std::snprintf(reader.message.data(), reader.message.size(), "%s", message);
}

void on_progress(j_common_ptr info) {
  JpegReader& reader = reader_of(info);
  if (reader.info.input_scan_number <= kMaxScans) return;
  fail(reader, "too many scans");
  std::longjmp(reader.jump, 1);
}

void skip(j_decompress_ptr info, long count) {
  const std::size_t step = std::min(to_size(std::max(count, 0L)), info->src->bytes_in_buffer);
  info->src->next_input_byte += step;
  info->src->bytes_in_buffer -= step;
}

/// Runs `step`, which returns false where the data end too early; false too after an error of libjpeg.
template <typename Step>
bool guarded(JpegReader& reader, const Step& step) {
  if (setjmp(reader.jump) != 0) return false;
  if (step()) return true;
  fail(reader, "the data end too early");
  return false;
}

bool read_header(JpegReader& reader, const Source& source) {
  reader.info.err = jpeg_std_error(&reader.errors);
  reader.info.client_data = &reader;
  reader.errors.error_exit = on_error;
  reader.errors.output_message = [](j_common_ptr) {};
  reader.input = {.next_input_byte = source.data(),
                  .bytes_in_buffer = source.size(),
                  .init_source = [](j_decompress_ptr) {},
                  // The whole file is there: asking for more suspends, which is how a cut-off file is noticed.
                  .fill_input_buffer = [](j_decompress_ptr) -> boolean { return FALSE; },
                  .skip_input_data = skip,
                  .resync_to_restart = jpeg_resync_to_restart,
                  .term_source = [](j_decompress_ptr) {}};
  reader.progress.progress_monitor = on_progress;
  return guarded(reader, [&] {
    jpeg_create_decompress(&reader.info);
    reader.info.src = &reader.input;
    reader.info.progress = &reader.progress;
    jpeg_save_markers(&reader.info, kApp1, 0xFFFF);
    int result = JPEG_HEADER_TABLES_ONLY;
    while (result == JPEG_HEADER_TABLES_ONLY) result = jpeg_read_header(&reader.info, FALSE);
    return result == JPEG_HEADER_OK;
  });
}

int orientation(const JpegReader& reader) {
  constexpr std::string_view kExif("Exif\0\0", 6), kXmp("http://ns.adobe.com/xap/1.0/\0", 29);
  std::string exif;
  std::string_view xmp;
  for (const jpeg_marker_struct* marker = reader.info.marker_list; marker != nullptr; marker = marker->next) {
    const std::string_view text(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (text.starts_with(kExif)) exif += text.substr(kExif.size());
    if (text.starts_with(kXmp)) xmp = text.substr(kXmp.size());
  }
  return orientation_of(exif, xmp);
}

unsigned scale_denominator(const jpeg_decompress_struct& info, int at_least) {
  if (at_least <= 0) return 1;
  const unsigned shorter = std::min(info.image_width, info.image_height);
  for (const unsigned denominator : {8U, 4U, 2U}) {
    if ((shorter + denominator - 1) / denominator >= static_cast<unsigned>(at_least)) return denominator;
  }
  return 1;
}

bool read_rgb_rows(jpeg_decompress_struct& info, Image& image) {
  constexpr unsigned kRows = 16;
  const std::size_t stride = to_size(image.width) * 3;
  while (info.output_scanline < info.output_height) {
    std::array<JSAMPROW, kRows> rows;
    const unsigned count = std::min(kRows, info.output_height - info.output_scanline);
    for (unsigned i = 0; i < count; ++i) rows[i] = image.pixels.data() + (info.output_scanline + i) * stride;
    if (jpeg_read_scanlines(&info, rows.data(), count) == 0) return false;
  }
  return true;
}

bool read_cmyk_rows(jpeg_decompress_struct& info, Image& image, std::uint8_t* line) {
  const std::size_t stride = to_size(image.width) * 3;
  while (info.output_scanline < info.output_height) {
    std::uint8_t* to = image.pixels.data() + info.output_scanline * stride;
    if (jpeg_read_scanlines(&info, &line, 1) != 1) return false;
    for (int x = 0; x < image.width; ++x) {
      std::uint8_t* ink = line + std::ptrdiff_t{x} * 4;
      // Adobe's convention, which Pillow takes for granted: ink is stored inverted.
      for (int c = 0; c < 4; ++c) ink[c] = static_cast<std::uint8_t>(~ink[c]);
      cmyk_to_rgb(ink, to + std::ptrdiff_t{x} * 3);
    }
  }
  return true;
}

}  // namespace

Decoded decode_jpeg(const Source& source) {
  JpegReader reader;
  jpeg_decompress_struct& info = reader.info;
  if (!read_header(reader, source)) throw_damaged(source, "JPEG", reader.message.data());
  if (info.num_components != 1 && info.num_components != 3 && info.num_components != 4) {
    throw_unsupported(source, "JPEG", std::to_string(info.num_components) + " components");
  }
  const bool cmyk = info.num_components == 4;
  const unsigned denominator = scale_denominator(info, source.scale_to_at_least);
  info.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  info.scale_num = 1;
  info.scale_denom = denominator;
  // Only counts: jpeg_calc_output_dimensions cannot fail once the header is read.
  jpeg_calc_output_dimensions(&info);
  if (std::int64_t{info.image_width} * info.image_height > kMaxPixels) {
    blank(source, info.image_width, info.image_height);
  }
  Decoded decoded{blank(source, info.output_width, info.output_height), orientation(reader)};
  std::vector<std::uint8_t> line(cmyk ? std::size_t{info.output_width} * 4 : 0);
  const bool whole = guarded(reader, [&] {
    if (!jpeg_start_decompress(&info)) return false;
    if (!(cmyk ? read_cmyk_rows(info, decoded.image, line.data()) : read_rgb_rows(info, decoded.image))) return false;
    // Pillow too does not ask for the end marker once every row is there.
    jpeg_finish_decompress(&info);
    return true;
  });
  if (!whole) throw_damaged(source, "JPEG", reader.message.data());
  return decoded;
}

}  // namespace enxerto::image_format
