#include "enxerto/media/image/decode_mask.h"

#include <fmt/format.h>

#include <string>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/image/format.h"
#include "enxerto/media/image/png_reader.h"

namespace enxerto {
namespace {

using image_format::PngReader;
using image_format::Source;

/// How many samples a pixel has once alpha is dropped, and of how many bytes each is.
struct SampleForm {
  std::size_t channels = 1, bytes = 1;
};

/// The samples as they are stored, an index or a grey of less than eight bits in a byte each.
std::vector<std::uint8_t> stored_samples(PngReader& reader, const Source& source, const SampleForm& form) {
  const std::size_t width = png_get_image_width(reader.png, reader.info);
  const std::size_t height = png_get_image_height(reader.png, reader.info);
  const std::size_t stride = width * form.channels * form.bytes;
  std::vector<std::uint8_t> samples(stride * height);
  const bool whole = guarded(reader, [&] {
    png_set_packing(reader.png);
    png_set_strip_alpha(reader.png);
    image_format::read_rows(reader, samples.data(), height, stride, stride);
  });
  if (!whole) image_format::throw_damaged(source, "PNG", reader.message.data());
  return samples;
}

std::uint16_t number_at(const std::uint8_t* sample, const SampleForm& form) {
  constexpr unsigned kByte = 8;
  return form.bytes == 1 ? *sample : static_cast<std::uint16_t>(unsigned{sample[0]} << kByte | sample[1]);
}

[[noreturn]] void refuse_colours(const Source& source) {
  throw data_error(std::string(source.where), "a mask in colours",
                   "one number a pixel: grey, or indices into a palette",
                   "save the numbers of the classes; or name the colours, a line of name, red, green and blue each");
}

}  // namespace

NumberedPicture decode_mask(std::span<const std::byte> bytes, std::string_view where) {
  const Source source{bytes, where, 0};
  const image_format::Format* format = image_format::format_of(bytes);
  if (format == nullptr) image_format::throw_refused(source);
  if (format->name != "PNG")
    throw data_error(std::string(where), fmt::format("a mask in a {} file", format->name),
                     "a PNG file, which keeps each value as it is", "save the masks as PNG");
  PngReader reader;
  if (!read_header(reader, source)) image_format::throw_damaged(source, "PNG", reader.message.data());
  const auto type = png_get_color_type(reader.png, reader.info);
  const bool coloured = (type & PNG_COLOR_MASK_COLOR) != 0 && type != PNG_COLOR_TYPE_PALETTE;
  constexpr int kTwoBytes = 16;
  const SampleForm form{.channels = coloured ? 3U : 1U,
                        .bytes = png_get_bit_depth(reader.png, reader.info) == kTwoBytes ? 2U : 1U};
  const auto width = std::int64_t{png_get_image_width(reader.png, reader.info)};
  const auto height = std::int64_t{png_get_image_height(reader.png, reader.info)};
  image_format::require_size(source, width, height);
  NumberedPicture mask{.width = static_cast<int>(width), .height = static_cast<int>(height), .numbers = {}};
  const std::vector<std::uint8_t> samples = stored_samples(reader, source, form);
  mask.numbers.resize(to_size(width) * to_size(height));
  for (std::size_t i = 0; i < mask.numbers.size(); ++i) {
    const std::uint8_t* pixel = samples.data() + i * form.channels * form.bytes;
    mask.numbers[i] = number_at(pixel, form);
    for (std::size_t c = 1; c < form.channels; ++c)
      if (number_at(pixel + c * form.bytes, form) != mask.numbers[i]) refuse_colours(source);
  }
  return mask;
}

}  // namespace enxerto
