#include "enxerto/metrics/transcript_scores.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/metrics/interval.h"
#include "enxerto/metrics/resampled_intervals.h"
#include "enxerto/metrics/text_points.h"
#include "enxerto/metrics/transcript_text.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostDrawnAnew = 50'000;  // a draw of counts is quick

double error_rate(const std::vector<Edits>& all, std::span<const std::uint32_t> weights) {
  double edits = 0, length = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    edits += static_cast<double>(all[i].edits * weights[i]);
    length += static_cast<double>(all[i].length * weights[i]);
  }
  return length > 0 ? edits / length : kNan;
}

/// Where every draw gives the same, it says little of other transcripts: without an error as much as the share of
/// those that have one may be, of less than five nothing.
Interval honest(Interval drawn, double value, std::size_t transcripts) {
  if (transcripts < kLeastForInterval || (drawn.low == drawn.high && value > 0)) return {kNan, kNan};
  return drawn.low == drawn.high ? wilson_interval(0, transcripts) : drawn;
}

double share_of_transcripts(std::size_t count, std::size_t of) {
  return of == 0 ? kNan : static_cast<double>(count) / static_cast<double>(of);
}

}  // namespace

void TranscriptScores::add(std::string_view said, std::string_view right) {
  words_.push_back(word_edits(said, right));
  characters_.push_back(character_edits(said, right));
  for (std::size_t i = 0; i < normalised_.size(); ++i) {
    const auto normalised = transcript_normalisers()[i + 1].normalised;
    normalised_.at(i).push_back(word_edits(normalised(said), normalised(right)));
  }
  exact_ += words_.back().edits == 0 ? 1 : 0;
  empty_ += split_at_blanks(said).empty() ? 1 : 0;
}

void TranscriptScores::report(MetricsReport& report) const {
  std::vector<const std::vector<Edits>*> families{&words_, &characters_};
  std::vector<MetricValue> rates{{.name = "wer", .title = "word error rate"},
                                 {.name = "cer", .title = "character error rate"}};
  for (std::size_t i = 0; i < normalised_.size(); ++i) {
    const TranscriptNormaliser& normaliser = transcript_normalisers()[i + 1];
    families.push_back(&normalised_.at(i));
    rates.push_back(
        {.name = fmt::format("wer_{}", normaliser.name), .title = fmt::format("word error rate {}", normaliser.title)});
  }
  const auto figures = [&](std::span<const std::uint32_t> weights) {
    std::vector<double> values;
    for (const std::vector<Edits>* family : families) values.push_back(error_rate(*family, weights));
    return values;
  };
  const std::vector<std::uint32_t> once(size(), 1);
  const std::vector<double> values = figures(once);
  const std::vector<Interval> intervals =
      size() <= kMostDrawnAnew ? resampled_intervals(size(), kResamples, figures) : std::vector<Interval>();
  for (std::size_t i = 0; i < rates.size(); ++i) {
    rates[i].value = values[i];
    rates[i].higher_is_better = false;
    if (i < intervals.size()) rates[i].interval = honest(intervals[i], values[i], size());
    rates[i].shown = i < 2 || values[i] != values[0];
  }
  if (first_ == First::characters) std::swap(rates[0], rates[1]);
  std::ranges::copy(rates, std::back_inserter(report.values));
  const std::size_t first = report.values.size() - rates.size();
  if (size() > 0) report.values[first].baseline = {.value = 1, .name = "writing nothing"};
  report.values.push_back({.name = "exact_match",
                           .value = share_of_transcripts(exact_, size()),
                           .interval = wilson_interval(exact_, size()),
                           .title = "transcripts without a wrong word"});
  report.values.push_back({.name = "empty",
                           .value = share_of_transcripts(empty_, size()),
                           .higher_is_better = false,
                           .title = "empty transcripts",
                           .shown = empty_ > 0});
}

}  // namespace enxerto
