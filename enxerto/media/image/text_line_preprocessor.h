#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "enxerto/media/image/preprocess.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// How pictures of a line of text become the input of a network that reads them from left to right.
struct TextLinePreprocess {
  std::int64_t height = 48;   ///< px, that every line is brought to, and its width in proportion
  std::int64_t least = 320;   ///< columns: a shorter line is followed by the colour that becomes 0
  std::int64_t most = 3'200;  ///< columns: a longer line is not read
  std::int64_t step = 8;      ///< columns of a row: the network answers once a row
  std::int64_t reach = 5;     ///< columns of a row without which it has no answer, from its first on
  float divisor = 255;        ///< (v / divisor - mean) / deviation, as ImagePreprocess says
  std::array<float, 3> mean{0.5F, 0.5F, 0.5F};
  std::array<float, 3> deviation{0.5F, 0.5F, 0.5F};
  ImagePreprocess::Channels channels = ImagePreprocess::Channels::bgr;
};

/// The inputs that it gives, and what a row of the first one is.
inline constexpr std::string_view kLineRows = "rows", kColumnCount = "column_count";

/// One picture as the inputs "rows" (rows, 3, height, step) of float32, `step` columns each, "attention_mask" (rows) of
/// int64, 1 for each row that is answered, and "column_count" (1) of int64. As PaddleOCR and rapidocr prepare one line
/// alone: resized by OpenCV's bilinear filter (`resize_linear`) to ceil(height * width / height of the picture), at
/// most int(height * max(ratio, least / height)) columns, normalised, and 0 behind it up to so many columns. The mask
/// has (columns + step - reach) / step ones. Its record is {"kind": "text_line", ..}, a member a field. Throws
/// Error{data} naming `where` for a field out of its range.
PreprocessorPtr text_line_preprocessor(const TextLinePreprocess& preprocess, std::string_view where);

/// A row of `preprocessor_kinds`.
PreprocessorPtr text_line_preprocessor_from_record(const Json& record, std::string_view where);

}  // namespace enxerto
