#pragma once
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "enxerto/metrics/edit_distance.h"
#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// How good transcripts are: "wer" and "cer", edits of words and characters over those of the references, of the whole
/// (never a mean of transcripts; above 1 where more is written than there is), as jiwer has them; "wer_lower" and ..
/// behind each other normaliser; "exact_match", "empty". 95 % intervals by the bootstrap over transcripts. The baseline
/// is to write nothing.
class TranscriptScores {
 public:
  /// The figure that stands first, and has the baseline.
  enum class First { words, characters };

  explicit TranscriptScores(First first = First::words) : first_(first) {}

  void add(std::string_view said, std::string_view right);
  void report(MetricsReport& report) const;
  std::size_t size() const { return words_.size(); }

 private:
  static constexpr std::size_t kOtherNormalisers = 2;
  First first_;
  std::vector<Edits> words_, characters_;
  std::array<std::vector<Edits>, kOtherNormalisers> normalised_;
  std::size_t exact_ = 0, empty_ = 0;
};

}  // namespace enxerto
