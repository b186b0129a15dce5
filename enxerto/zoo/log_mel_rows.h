#pragma once
#include <cstdint>
#include <string>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/builder.h"
#include "enxerto/zoo/log_mel.h"

namespace enxerto {

/// The front end of networks that follow a sound of any length: samples come in rows of `step`, and each row becomes
/// one row of features, so that what says which rows count holds for both.
struct LogMelRows {
  LogMel mel = {};        ///< `range` is not used
  std::int64_t step = 0;  ///< samples of a row: a multiple of `mel.hop`

  std::int64_t frames() const { return step / mel.hop; }  ///< of a row
  std::int64_t channels() const { return frames() * mel.mels; }
};

/// Rows of `frames` frames of 25 ms each 10 ms at this rate.
LogMelRows log_mel_rows_at(std::int64_t rate, std::int64_t frames, std::int64_t mels);

/// `samples` (batch, rows, step) and `mask` (batch, rows), int64, to (batch, rows, channels): the natural logarithm of
/// the power in each band of each frame, frame after frame, brought to mean 0 and deviation 1 over the rows that count;
/// 0 in those that do not. A frame's window stands around the middle of its hop. Parameters "log_mel.cosine",
/// "log_mel.sine" (frames * bins, step, 3) and "log_mel.bands" are constants.
std::string log_mel_rows(GraphBuilder& net, const std::string& samples, const std::string& mask,
                         const LogMelRows& spec);

/// Their values.
StateDict log_mel_rows_parameters(const LogMelRows& spec);

/// `x` (batch, rows, channels) where `mask` (batch, rows) counts, 0 elsewhere; nodes are called after `name`.
std::string where_it_counts(GraphBuilder& net, const std::string& x, const std::string& mask, const std::string& name);

}  // namespace enxerto
