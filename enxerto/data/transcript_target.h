#pragma once
#include <span>
#include <string>
#include <string_view>

#include "enxerto/base/tensor.h"
#include "enxerto/data/dataset.h"

namespace enxerto {

/// The kind of recordings of which each has what is said in it: (characters) of int64, the code points of the text.
inline constexpr std::string_view kTranscriptTarget = "transcripts";
TargetSpec transcript_target();

/// Of a text in UTF-8.
Tensor transcript_points(std::string_view text);

/// The opposite; what is below 0 fills up.
std::string transcript_text(const Tensor& points);

/// "'three one'".
std::string transcript_words(const Tensor& target, std::span<const Field> fields);

}  // namespace enxerto
