#pragma once
#include <cstdint>
#include <string_view>

#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// How clips become the input of a network.
struct AudioPreprocess {
  std::int64_t rate = 16'000;     ///< samples a second, Hz
  std::int64_t samples = 16'000;  ///< that the network hears of a clip
  bool counted = false;           ///< it hears the clip's beginning, and is told how long the clip is
};

/// One clip as the input "samples" (samples) of float32, full scale 1, by `decode_clip` and `resampled`: of a longer
/// clip its middle, of a shorter one all of it with silence on both sides. With `counted` of a longer clip its
/// beginning, of a shorter one all of it with silence behind, and "sample_count" (1) of int64: those of the clip. Its
/// record is {"kind": "audio", "rate", "seconds"}, and "counted": true where it is. `Alignment` has (2): the rate, and
/// the second of the clip at the first sample. Throws Error{data} naming `where` for a rate that is not 4,000 to
/// 192,000 Hz, or a length that is not 0.05 to 60 s.
PreprocessorPtr audio_preprocessor(const AudioPreprocess& preprocess, std::string_view where);

/// A row of `preprocessor_kinds`.
PreprocessorPtr audio_preprocessor_from_record(const Json& record, std::string_view where);

/// Throws Error{data} naming `where` for what is not one of them, or of another type or range.
AudioPreprocess audio_preprocess_from_json(const Json& record, std::string_view where);

}  // namespace enxerto
