#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/metrics/bleu.h"
#include "enxerto/metrics/chrf.h"
#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// How good texts are that were written for others, each with one reference. Figures of the whole, not means of texts:
/// "bleu", "chrf" and "chrf++" as sacrebleu computes them, 0 to 100; "rouge_l" and
/// "exact_match" (but for blanks at the ends), 0 to 1. Beside them what goes wrong: "copied", the share of texts that
/// are what was to be translated, "empty", and "repetitive", those of which a run of four words comes three times.
class TranslationScores {
 public:
  void add(std::string_view source, std::string_view said, std::string_view reference);

  /// BLEU of giving the sources back is the baseline, and 95 % intervals are by the bootstrap.
  void report(MetricsReport& report) const;

  std::size_t size() const { return bleu_.size(); }

 private:
  std::vector<BleuCounts> bleu_, copies_;
  std::vector<ChrfCounts> chrf_, chrf_words_;
  std::vector<double> rouge_;
  std::size_t exact_ = 0, copied_ = 0, empty_ = 0, repetitive_ = 0;
};

/// Whether a run of four words, or a word alone, comes again and again.
bool is_repetitive(std::string_view text);

}  // namespace enxerto
