#include "enxerto/metrics/translation_scores.h"

#include <array>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>

#include "enxerto/metrics/interval.h"
#include "enxerto/metrics/ngram_counts.h"
#include "enxerto/metrics/resampled_intervals.h"
#include "enxerto/metrics/rouge.h"
#include "enxerto/metrics/text_points.h"

namespace enxerto {
namespace {

std::string_view without_blanks(std::string_view text) {
  const std::vector<std::string_view> words = split_at_blanks(text);
  if (words.empty()) return {};
  return text.substr(static_cast<std::size_t>(words.front().data() - text.data()),
                     static_cast<std::size_t>(words.back().data() + words.back().size() - words.front().data()));
}

template <typename Counts>
Counts sum_of(const std::vector<Counts>& all, std::span<const std::uint32_t> weights) {
  Counts sum;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (weights[i] > 0) sum.add(all[i], weights[i]);
  return sum;
}

double share_of_texts(std::size_t count, std::size_t of) {
  return of == 0 ? kNan : static_cast<double>(count) / static_cast<double>(of);
}

}  // namespace

bool is_repetitive(std::string_view text) {
  const std::vector<std::string_view> words = split_at_blanks(text);
  constexpr std::uint64_t kTimes = 3, kSameWord = 8;
  for (const auto& [run, count] : word_ngrams(words, 4))
    if (count >= kTimes) return true;
  std::size_t same = 1;
  for (std::size_t i = 1; i < words.size(); ++i) {
    same = words[i] == words[i - 1] ? same + 1 : 1;
    if (same >= kSameWord) return true;
  }
  return false;
}

void TranslationScores::add(std::string_view source, std::string_view said, std::string_view reference) {
  const std::array<std::string_view, 1> right{reference};
  bleu_.push_back(bleu_counts(said, right));
  copies_.push_back(bleu_counts(source, right));
  chrf_.push_back(chrf_counts(said, right));
  chrf_words_.push_back(chrf_counts(said, right, kChrfWords));
  rouge_.push_back(rouge_l(said, reference));
  const std::string_view bare = without_blanks(said);
  exact_ += bare == without_blanks(reference) ? 1 : 0;
  empty_ += bare.empty() ? 1 : 0;
  copied_ += !bare.empty() && bare == without_blanks(source) ? 1 : 0;
  repetitive_ += is_repetitive(said) ? 1 : 0;
}

void TranslationScores::report(MetricsReport& report) const {
  const std::size_t texts = bleu_.size();
  const auto figures = [&](std::span<const std::uint32_t> weights) {
    return std::vector<double>{bleu(sum_of(bleu_, weights)), chrf(sum_of(chrf_, weights)),
                               chrf(sum_of(chrf_words_, weights))};
  };
  const std::vector<std::uint32_t> once(texts, 1);
  const std::vector<double> values = texts == 0 ? std::vector<double>(3, kNan) : figures(once);
  const std::vector<Interval> intervals =
      texts <= kMostResampled ? resampled_intervals(texts, kResamples, figures) : std::vector<Interval>();
  const std::array<std::pair<const char*, std::string>, 3> names{
      {{"bleu", "BLEU"}, {"chrf", "chrF2"}, {"chrf++", "chrF2++"}}};
  for (std::size_t i = 0; i < names.size(); ++i) {
    MetricValue figure{.name = names.at(i).first, .value = values[i], .share = false, .title = names.at(i).second};
    if (i < intervals.size()) figure.interval = intervals[i];
    report.values.push_back(std::move(figure));
  }
  if (texts > 0)
    report.values.front().baseline = {.value = bleu(sum_of(copies_, once)), .name = "giving the sources back"};
  report.values.push_back({.name = "rouge_l", .value = estimated_mean(rouge_).value, .title = "ROUGE-L"});
  report.values.push_back({.name = "exact_match",
                           .value = share_of_texts(exact_, texts),
                           .interval = wilson_interval(exact_, texts),
                           .title = "exact match"});
  const auto fault = [&](const char* name, std::size_t count, const char* title) {
    report.values.push_back({.name = name,
                             .value = share_of_texts(count, texts),
                             .higher_is_better = false,
                             .title = title,
                             .shown = count > 0});
  };
  fault("copied", copied_, "outputs that are the source");
  fault("empty", empty_, "empty outputs");
  fault("repetitive", repetitive_, "outputs that repeat themselves");
}

}  // namespace enxerto
