#include "enxerto/generation/beam_search.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/generation/change_scores.h"
#include "enxerto/generation/generate.h"
#include "enxerto/generation/stop_texts.h"

namespace enxerto {
namespace {

constexpr float kFar = -1e9F;

void to_log_probabilities(std::span<float> scores) {
  const float largest = *std::ranges::max_element(scores);
  double sum = 0;
  for (const float score : scores) sum += std::exp(score - largest);
  const auto shift = static_cast<float>(largest + std::log(sum));
  for (float& score : scores) score -= shift;
}

}  // namespace

/// The best, of equals those that come first.
void BeamSearch::keep_best(std::vector<Candidate>& candidates, std::size_t count) {
  count = std::min(count, candidates.size());
  const auto middle = candidates.begin() + static_cast<std::ptrdiff_t>(count);
  std::ranges::partial_sort(candidates, middle, [](const Candidate& a, const Candidate& b) {
    return a.score != b.score ? a.score > b.score : std::pair(a.beam, a.token) < std::pair(b.beam, b.token);
  });
  candidates.resize(count);
}

void require_beams(std::int64_t beams, std::int64_t words) {
  if (beams <= words) return;
  throw usage_error("--beams", fmt::format("{} of a network of {} words", beams, words), fmt::format("1 to {}", words));
}

BeamSearch::BeamSearch(const SearchRules& rules)
    : rules_(rules), options_(rules.options), count_(to_size(rules.options.beams)) {
  running_.assign(count_, {.tokens = {rules.prompt.begin(), rules.prompt.end()}, .score = kFar});
  running_[0].score = 0;
  finished_.assign(count_, std::nullopt);
}

bool BeamSearch::step(std::span<const float> scores, std::span<const std::int32_t> rows, std::int64_t length) {
  std::vector<Candidate> candidates = candidates_of(scores, rows, length);
  std::vector<bool> ended;
  for (const Candidate& candidate : candidates) ended.push_back(length == rules_.most || ends(candidate));
  const std::vector<Beam> before = std::exchange(running_, {});
  finish(candidates, ended, before, length);
  go_on(candidates, ended, before);
  const bool all_ended = std::ranges::all_of(ended, [](bool end) { return end; });
  improvable_ = improvable_ && can_improve(length);
  const bool full = std::ranges::all_of(finished_, [](const auto& beam) { return beam.has_value(); });
  return improvable_ && !(full && options_.early_stopping == BeamsEnd::as_soon) && !all_ended;
}

std::vector<std::int64_t> BeamSearch::last_tokens() const {
  std::vector<std::int64_t> last;
  for (const Beam& beam : running_) last.push_back(beam.tokens.back());
  return last;
}

std::vector<FinishedBeam> BeamSearch::best() const {
  std::vector<FinishedBeam> found;
  for (const auto& beam : std::span(finished_).first(to_size(options_.samples)))
    if (beam) found.push_back(*beam);
  return found;
}

std::vector<BeamSearch::Candidate> BeamSearch::candidates_of(std::span<const float> scores,
                                                             std::span<const std::int32_t> rows,
                                                             std::int64_t length) const {
  const std::size_t words = scores.size() / to_size(*std::ranges::max_element(rows) + 1);
  const std::size_t kept = std::max<std::size_t>(2, 1 + rules_.ends.size()) * count_;
  std::vector<Candidate> all;
  for (std::size_t i = 0; i < count_; ++i) {
    const auto own = scores.subspan(to_size(rows[i]) * words, words);
    std::vector<float> row(own.begin(), own.end());
    to_log_probabilities(row);
    change_scores(row, options_,
                  {.tokens = running_[i].tokens,
                   .prompt = rules_.prompt.size(),
                   .ends = rules_.ends,
                   .never = rules_.never,
                   .forced = length == rules_.most ? rules_.forced_end : std::nullopt});
    std::vector<Candidate> of_beam;  // the best first, of equals those that come first
    for (std::size_t word = 0; word < words; ++word) {
      const float score = row[word] + running_[i].score;
      if (of_beam.size() == kept && score <= of_beam.back().score) continue;
      if (of_beam.size() == kept) of_beam.pop_back();
      const auto at = std::ranges::upper_bound(of_beam, score, std::ranges::greater(), &Candidate::score);
      of_beam.insert(at,
                     {.score = score, .beam = static_cast<std::int32_t>(i), .token = static_cast<std::int64_t>(word)});
    }
    all.insert(all.end(), of_beam.begin(), of_beam.end());
  }
  keep_best(all, kept);
  return all;
}

/// Whether the text ends with this token, or with a stop text in which it has a part.
bool BeamSearch::ends(const Candidate& candidate) const {
  if (std::ranges::find(rules_.ends, candidate.token) != rules_.ends.end()) return true;
  if (options_.stop.empty() || rules_.tokenizer == nullptr) return false;
  const std::vector<std::int64_t>& tokens = running_[to_size(candidate.beam)].tokens;
  std::vector<std::uint32_t> text;
  for (std::size_t i = rules_.prompt.size(); i < tokens.size(); ++i)
    text.push_back(static_cast<std::uint32_t>(tokens[i]));
  const std::size_t known = rules_.tokenizer->decode(text).size();
  text.push_back(static_cast<std::uint32_t>(candidate.token));
  return find_stop(rules_.tokenizer->decode(text), options_.stop, known).has_value();
}

/// Of those that end, the ones among the first are kept with those that have ended before, if they are better.
void BeamSearch::finish(const std::vector<Candidate>& candidates, const std::vector<bool>& ended,
                        const std::vector<Beam>& before, std::int64_t length) {
  const bool full = std::ranges::all_of(finished_, [](const auto& beam) { return beam.has_value(); });
  if (!improvable_ || (full && options_.early_stopping == BeamsEnd::as_soon)) return;
  for (std::size_t i = 0; i < std::min(count_, candidates.size()); ++i) {
    if (!ended[i]) continue;
    const std::vector<std::int64_t>& text = before[to_size(candidates[i].beam)].tokens;
    FinishedBeam beam{.tokens = {text.begin() + static_cast<std::ptrdiff_t>(rules_.prompt.size()), text.end()},
                      .score = candidates[i].score / power(length)};
    beam.tokens.push_back(candidates[i].token);
    finished_.emplace_back(std::move(beam));
  }
  std::ranges::stable_sort(finished_, std::ranges::greater(),
                           [](const auto& beam) { return beam ? beam->score : static_cast<double>(kFar); });
  finished_.resize(count_);
}

void BeamSearch::go_on(const std::vector<Candidate>& candidates, const std::vector<bool>& ended,
                       const std::vector<Beam>& before) {
  std::vector<std::size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_partition(order, [&](std::size_t i) { return !ended[i]; });
  from_.clear();
  for (const std::size_t i : std::span(order).first(std::min(count_, order.size()))) {
    Beam beam = before[to_size(candidates[i].beam)];
    beam.tokens.push_back(candidates[i].token);
    beam.score = candidates[i].score + (ended[i] ? kFar : 0);
    running_.push_back(std::move(beam));
    from_.push_back(candidates[i].beam);
  }
}

bool BeamSearch::can_improve(std::int64_t length) const {
  const bool longest = options_.early_stopping == BeamsEnd::never && options_.length_penalty > 0;
  const double best = running_[0].score / power(longest ? rules_.most : length);
  const bool full = std::ranges::all_of(finished_, [](const auto& beam) { return beam.has_value(); });
  return best > (full ? finished_.back()->score : static_cast<double>(kFar));
}

double BeamSearch::power(std::int64_t length) const {
  return std::pow(static_cast<double>(length), options_.length_penalty);
}

std::vector<FinishedBeam> beam_search(const LanguageModel& model, Decoder& decoder, const GenerationRequest& request,
                                      std::int64_t most, Progress& progress) {
  BeamSearch search({.options = request.options,
                     .prompt = request.prompt,
                     .most = most,
                     .ends = model.ends,
                     .tokenizer = model.tokenizer.get()});
  decoder.begin();
  Tensor scores = decoder.read(request.prompt, std::vector<std::int32_t>{0});
  std::vector<std::int32_t> rows(to_size(request.options.beams), 0);
  for (std::int64_t length = 1; length <= most; ++length) {
    throw_if_cancelled(progress);
    const bool further = search.step(scores.as<float>(), rows, length);
    progress.advance(1);
    if (!further || length == most) break;
    std::vector<std::int32_t> from;
    for (const std::int32_t beam : search.from()) from.push_back(rows[to_size(beam)]);
    scores = decoder.read(search.last_tokens(), from);
    std::iota(rows.begin(), rows.end(), 0);
  }
  return search.best();
}

}  // namespace enxerto
