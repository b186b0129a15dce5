#pragma once
#include "enxerto/media/audio/transcription_text.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// A recording and what is said in it, as inputs: "samples" (samples) float32 of full scale 1 at the network's rate, by
/// `decode_clip` and `resampled`, silence behind; "decoder_input_ids" (-1) int64, the prompt and the words; "labels"
/// (-1) int64, the same without the first, and the end, as transformers learns Whisper. Throws Error{data} for a
/// recording that is longer than what is heard at once, a transcript without a word, and one of more tokens than the
/// network writes.
PreprocessorPtr whisper_preprocessor(TranscriptionText text);

/// A row of `preprocessor_kinds`.
PreprocessorPtr whisper_preprocessor_from_record(const Json& record, std::string_view where);

}  // namespace enxerto
