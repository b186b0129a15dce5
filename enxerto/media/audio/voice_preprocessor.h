#pragma once
#include <cstdint>
#include <string_view>

#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// How Resemblyzer prepares voices.
struct VoicePreprocess {
  std::int64_t rate = 16'000;
  std::int64_t frames = 160, hop = 160, frame_window = 400;  ///< of a window: frames, samples from one to the next,
                                                             ///< that a frame is made of
  std::int64_t step = 77;                                    ///< frames from window to window: 1.3 windows a second
  double least_heard = 0.75;  ///< share of a window that the recording must fill, where it is not the only one
  double loudness = -30;      ///< dB below full scale that quieter recordings are raised to
};

/// One recording as the input "samples" of float32: windows of `frames` one after the other, each with the samples
/// before its first frame's centre and behind its last that these frames are made of; silence where the recording has
/// ended, as Resemblyzer's `embed_utterance` with its `normalize_volume`. Silences in the middle are kept: its
/// `trim_long_silences` depends on another program. Its record is {"kind": "voice", "rate", "frames", "hop", "window",
/// "step", "least_heard", "loudness"}. Throws Error{data} naming `where` for sizes that are not possible.
PreprocessorPtr voice_preprocessor(const VoicePreprocess& preprocess, std::string_view where);

/// A row of `preprocessor_kinds`.
PreprocessorPtr voice_preprocessor_from_record(const Json& record, std::string_view where);

}  // namespace enxerto
