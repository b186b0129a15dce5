#pragma once
#include "enxerto/media/preprocessor.h"
#include "enxerto/media/text/translation_text.h"

namespace enxerto {

/// The labels of a text that is written: its words and the end, (words) int64; below 0 where a batch is filled up.
inline constexpr const char* kWrittenLabels = "labels";

/// Two texts, one and the other that is written for it, as int64 inputs of shape (-1): "input_ids" and
/// "attention_mask", the words of the first and the end; "decoder_input_ids", what stands before the first word, and
/// the words of the second; "labels", these words and the end. Each is cut to `max_length` tokens. Throws Error{data}
/// for one that has no words.
PreprocessorPtr translation_preprocessor(TranslationText text, std::int64_t max_length);

/// A row of `preprocessor_kinds`.
PreprocessorPtr translation_preprocessor_from_record(const Json& record, std::string_view where);

}  // namespace enxerto
