#pragma once
#include <png.h>

#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdint>

#include "enxerto/media/image/format.h"

namespace enxerto::image_format {

/// libpng's state and ours. libpng reports errors by longjmp, so nothing that has a destructor may live on the stack
/// between `guarded` and the call that fails.
struct PngReader {
  png_structp png = nullptr;
  png_infop info = nullptr;
  const std::uint8_t* next = nullptr;
  std::size_t left = 0;
  std::jmp_buf jump{};
  std::array<char, 160> message{};

  PngReader() = default;
  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
};

/// False where libpng has reported an error, which `message` holds then.
template <typename Step>
bool guarded(PngReader& reader, const Step& step) {
  if (setjmp(reader.jump) != 0) return false;
  step();
  return true;
}

/// Everything before the pixels; chunks are bounded in number and size.
bool read_header(PngReader& reader, const Source& source);

/// Within `guarded`, behind the transforms that are asked for: the pixels, interlaced or not, in rows of `row_bytes`
/// that begin `stride` bytes apart. Rows of another length are one of libpng's errors.
void read_rows(PngReader& reader, std::uint8_t* rows, std::size_t height, std::size_t row_bytes, std::size_t stride);

}  // namespace enxerto::image_format
