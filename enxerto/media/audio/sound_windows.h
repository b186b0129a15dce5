#pragma once
#include <cstdint>
#include <string_view>

#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// How a network that hears a fixed length hears clips of any length: window by window.
struct SoundWindows {
  std::int64_t rate = 16'000;    ///< samples a second, Hz
  std::int64_t window = 15'600;  ///< samples that are heard at once
  std::int64_t step = 7'680;     ///< samples from window to window
};

/// A window of one clip as the input "samples" (window) of float32, full scale 1, by `decode_clip` and `resampled`. A
/// clip has as many windows as it takes to hear all of it, with silence behind the end: ceil((n - window) / step) + 1,
/// and one at least, as YAMNet's pad_waveform. Its record is {"kind": "sound_windows", "rate", "window", "step"}.
/// `Alignment` has (2): the rate, and the second of the clip at the first sample. Throws Error{data} naming `where` for
/// a rate that is not 4,000 to 192,000 Hz, a window that is not 1 ms to 60 s, or a step that is not 1 ms to a window.
PreprocessorPtr sound_windows(const SoundWindows& windows, std::string_view where);

/// A row of `preprocessor_kinds`.
PreprocessorPtr sound_windows_from_record(const Json& record, std::string_view where);

}  // namespace enxerto
