#include "enxerto/media/field.h"

#include <algorithm>
#include <array>
#include <string>

#include "enxerto/base/lower_case.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 23> kImageFiles{"jpg",  "jpeg", "jpe", "jfif", "jif",  "pjpeg", "pjp", "png",
                                                       "apng", "webp", "bmp", "dib",  "tif",  "tiff",  "gif", "ppm",
                                                       "pgm",  "pbm",  "pnm", "heic", "heif", "hif",   "avif"};
constexpr std::array<std::string_view, 1> kTextFiles{"txt"};
constexpr std::array<std::string_view, 18> kAudioFiles{"m4a",  "aac",  "wma", "amr", "wav",  "wave",
                                                       "flac", "mp3",  "ogg", "oga", "opus", "aif",
                                                       "aiff", "aifc", "au",  "snd", "caf",  "w64"};

constexpr std::array<MediumRow, 3> kMedia{{
    {Medium::image, "image", "picture", "pictures", kImageFiles},
    {Medium::text, "text", "text", "texts", kTextFiles, "\r\n"},
    {Medium::audio, "audio", "clip", "clips", kAudioFiles},
}};

}  // namespace

std::span<const MediumRow> media() { return kMedia; }

const MediumRow& medium_row(Medium medium) { return kMedia[static_cast<std::size_t>(medium)]; }

std::string_view nouns_of(std::span<const Medium> fields) {
  return fields.size() == 1 ? medium_row(fields[0]).nouns : "examples";
}

std::string_view noun_of(std::span<const Medium> fields) {
  return fields.size() == 1 ? medium_row(fields[0]).noun : "example";
}

std::optional<Medium> medium_of_file(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string extension = lower_case(name.substr(dot + 1));
  for (const MediumRow& row : kMedia) {
    if (std::find(row.extensions.begin(), row.extensions.end(), extension) != row.extensions.end()) return row.medium;
  }
  return std::nullopt;
}

Field as_field(const Image& image) {
  return {.medium = Medium::image,
          .bytes = Tensor::of<std::uint8_t>({static_cast<std::int64_t>(image.pixels.size())}, image.pixels),
          .raw = RawPixels{.width = image.width, .height = image.height, .channels = 3}};
}

}  // namespace enxerto
