#pragma once
#include <cstdint>
#include <string_view>

#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// How recordings of any length become the input of a network.
struct UtterancePreprocess {
  std::int64_t rate = 16'000;  ///< samples a second, Hz
  std::int64_t step = 320;     ///< samples of a row: the network answers once a row
  std::int64_t longest = 60;   ///< seconds: a longer recording is not read
  std::int64_t reach = 0;      ///< samples that a row's answer hears from its first on; 0: its own
  std::int64_t least = 0;      ///< samples: a shorter recording gets silence behind it
  std::int64_t mirrored = 0;   ///< samples by which a recording is continued at both ends, mirrored; below `least`
  bool normalise = false;      ///< samples are brought to mean 0 and variance 1 over the recording
  bool counted = false;        ///< the network is told how many samples there are
};

/// One recording as the inputs "samples" (rows, step) of float32, full scale 1, by `decode_clip` and `resampled`, the
/// last row filled up with silence, and "attention_mask" (rows) of int64, 1 for each row whose `reach` ends in the
/// recording; with `counted` also "sample_count" (1) of int64. `normalise` is Wav2Vec2FeatureExtractor's of
/// transformers: (x - mean) / sqrt(variance + 1e-7), then the silence. What `mirrored` adds is numpy's
/// pad(mode="reflect") and counts as the recording's. Its record is {"kind": "utterance", "rate", "step", "seconds"},
/// and "reach", "least", "mirrored", "normalise" and "counted" where they are not 0 and false. `Alignment` has (2):
/// rows a second, and 0. Throws Error{data} naming `where` for a rate that is not 4,000 to 192,000 Hz, a step that is
/// not 1 ms to 1 s, a length above 600 s, a reach that is not 0, nor from a step to 10 s, a least length above 10 s and
/// a mirrored part that is not below it.
PreprocessorPtr utterance_preprocessor(const UtterancePreprocess& preprocess, std::string_view where);

/// A row of `preprocessor_kinds`.
PreprocessorPtr utterance_preprocessor_from_record(const Json& record, std::string_view where);

}  // namespace enxerto
