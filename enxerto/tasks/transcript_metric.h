#pragma once
#include <cstddef>
#include <string>

#include "enxerto/metrics/metric.h"
#include "enxerto/metrics/transcript_scores.h"
#include "enxerto/tasks/alphabet.h"
#include "enxerto/tasks/prediction.h"

namespace enxerto {

/// `TranscriptScores` of what "probabilities" (n, frames, width) say, by the most probable label of each frame or by a
/// search where one is given, against "target" (n, characters) of code points; and "blank", the share of frames without
/// a label.
class TranscriptMetric final : public Metric {
 public:
  explicit TranscriptMetric(Alphabet alphabet, ReadingOptions reading = {},
                            TranscriptScores::First first = TranscriptScores::First::words)
      : alphabet_(std::move(alphabet)), reading_(std::move(reading)), first_(first), scores_(first) {}

  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override;

  /// That nothing but blanks is said.
  std::string remark() const override;

 private:
  Alphabet alphabet_;
  ReadingOptions reading_;
  TranscriptScores::First first_;
  TranscriptScores scores_;
  std::size_t frames_ = 0, blanks_ = 0;
};

}  // namespace enxerto
