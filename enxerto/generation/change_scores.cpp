#include "enxerto/generation/change_scores.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <unordered_set>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

using Scores = std::span<float>;

constexpr float kNever = -std::numeric_limits<float>::infinity();

void penalise_repetition(Scores scores, const GenerationOptions& options, const TextSoFar& text) {
  const auto penalty = static_cast<float>(options.repetition_penalty);
  const std::unordered_set<std::int64_t> seen(text.tokens.begin(), text.tokens.end());
  for (const std::int64_t token : seen) {
    if (to_size(token) >= scores.size()) continue;
    float& score = scores[to_size(token)];
    score = score < 0 ? score * penalty : score / penalty;
  }
}

void forbid_ngrams(Scores scores, const GenerationOptions& options, const TextSoFar& text) {
  const auto size = to_size(options.no_repeat_ngram);
  if (text.tokens.size() + 1 < size) return;
  const auto begun = text.tokens.last(size - 1);
  for (std::size_t i = 0; i + size <= text.tokens.size(); ++i)
    if (std::ranges::equal(text.tokens.subspan(i, size - 1), begun)) {
      const std::size_t next = to_size(text.tokens[i + size - 1]);
      if (next < scores.size()) scores[next] = kNever;
    }
}

void forbid_words(Scores scores, const GenerationOptions& /*options*/, const TextSoFar& text) {
  for (const std::int64_t word : text.never) scores[to_size(word)] = kNever;
}

/// As transformers' ForcedEOSTokenLogitsProcessor: it counts as certain.
void force_word(Scores scores, const GenerationOptions& /*options*/, const TextSoFar& text) {
  if (!text.forced) return;
  std::ranges::fill(scores, kNever);
  scores[to_size(*text.forced)] = 0;
}

void forbid_ends(Scores scores, const GenerationOptions& options, const TextSoFar& text) {
  if (text.tokens.size() - text.prompt >= to_size(options.min_new_tokens)) return;
  for (const std::int64_t end : text.ends) scores[to_size(end)] = kNever;
}

void apply_temperature(Scores scores, const GenerationOptions& options, const TextSoFar& /*text*/) {
  const auto temperature = static_cast<float>(options.temperature);
  // Relative to the highest, so that a small temperature leaves numbers that are finite or minus infinity.
  const float highest = *std::ranges::max_element(scores);
  if (!std::isfinite(highest)) return;
  for (float& score : scores) score = score == highest ? 0 : (score - highest) / temperature;
}

/// Those that are as good as the last of the best stay too.
void keep_top_k(Scores scores, const GenerationOptions& options, const TextSoFar& /*text*/) {
  const std::size_t kept = std::min(to_size(options.top_k), scores.size());
  std::vector<float> sorted(scores.begin(), scores.end());
  const auto last = sorted.begin() + static_cast<std::ptrdiff_t>(kept) - 1;
  std::ranges::nth_element(sorted, last, std::greater());
  for (float& score : scores)
    if (score < *last) score = kNever;
}

/// The least probable go as long as they have at most 1 - p together; the most probable one stays.
void keep_top_p(Scores scores, const GenerationOptions& options, const TextSoFar& /*text*/) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (scores[i] != kNever) order.push_back(i);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return scores[i]; });
  const std::vector<double> shares = probabilities_of(scores);
  double together = 0;
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    together += shares[order[i]];
    if (together > 1 - options.top_p) return;
    scores[order[i]] = kNever;
  }
}

void keep_min_p(Scores scores, const GenerationOptions& options, const TextSoFar& /*text*/) {
  const std::vector<double> shares = probabilities_of(scores);
  const double least = options.min_p * *std::ranges::max_element(shares);
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (shares[i] < least) scores[i] = kNever;
}

struct ScoreRule {
  bool (*is_asked)(const GenerationOptions& options);
  void (*apply)(Scores scores, const GenerationOptions& options, const TextSoFar& text);
};
constexpr std::array kScoreRules{
    ScoreRule{[](const GenerationOptions& options) { return options.repetition_penalty != 1; }, penalise_repetition},
    ScoreRule{[](const GenerationOptions& options) { return options.no_repeat_ngram > 0; }, forbid_ngrams},
    ScoreRule{[](const GenerationOptions&) { return true; }, forbid_words},
    ScoreRule{[](const GenerationOptions& options) { return options.min_new_tokens > 0; }, forbid_ends},
    ScoreRule{[](const GenerationOptions&) { return true; }, force_word},
    ScoreRule{[](const GenerationOptions& options) { return options.temperature > 0; }, apply_temperature},
    ScoreRule{[](const GenerationOptions& options) { return options.top_k > 0; }, keep_top_k},
    ScoreRule{[](const GenerationOptions& options) { return options.top_p < 1; }, keep_top_p},
    ScoreRule{[](const GenerationOptions& options) { return options.min_p > 0; }, keep_min_p},
};

}  // namespace

void change_scores(Scores scores, const GenerationOptions& options, const TextSoFar& text) {
  for (const ScoreRule& rule : kScoreRules)
    if (rule.is_asked(options)) rule.apply(scores, options, text);
}

std::vector<double> probabilities_of(std::span<const float> scores) {
  const double largest = *std::ranges::max_element(scores);
  std::vector<double> shares(scores.size());
  std::ranges::transform(scores, shares.begin(), [&](float score) { return std::exp(score - largest); });
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace enxerto
