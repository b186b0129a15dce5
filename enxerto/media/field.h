#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "enxerto/base/tensor.h"
#include "enxerto/media/image/image.h"

namespace enxerto {

/// What a part of an example is before it is preprocessed.
enum class Medium : std::uint8_t { image, text, audio };

/// A row of the table of media.
struct MediumRow {
  Medium medium;
  std::string_view name;                         ///< "image", as records and recipes say it
  std::string_view noun, nouns;                  ///< "picture" and "pictures", as messages say it
  std::span<const std::string_view> extensions;  ///< of files that hold one such example; lower case, without the dot
  std::string_view line_ends = "";               ///< that programs leave behind one, and that are no part of it
};

/// In the order of the enumeration.
std::span<const MediumRow> media();
const MediumRow& medium_row(Medium medium);

/// What messages call examples of these fields: "pictures"; "examples" where they are several or of several media.
std::string_view nouns_of(std::span<const Medium> fields);
std::string_view noun_of(std::span<const Medium> fields);  ///< of one: "picture"

/// By the file's extension, upper or lower case; none where it is of no medium.
std::optional<Medium> medium_of_file(std::string_view name);

/// One part of an example as it was found: a picture, a text, a clip.
struct Field {
  Medium medium = Medium::image;
  Tensor bytes = {};                  ///< (n) of uint8: the file as it is, the text in UTF-8, or raw samples
  std::optional<RawPixels> raw = {};  ///< set where `bytes` are raw pixels, not an encoded file
  Tensor marks = {};                  ///< (n, 2) of float64: places in a picture that are known, x and y, px
  std::uint32_t window = 0;           ///< that is looked at, of an example in several (`Preprocessor::windows`)
};

/// A decoded picture, its samples as they are.
Field as_field(const Image& image);

}  // namespace enxerto
