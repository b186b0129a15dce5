#include "enxerto/tasks/answer_spans.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

/// One window: (begin, end) logits and (field, begin, end) places of each token.
struct Window {
  std::span<const float> logits, map;
  std::size_t tokens = 0;  // without what fills it up

  float begin(std::size_t token) const { return logits[token * 2]; }
  float end(std::size_t token) const { return logits[token * 2 + 1]; }
  bool is_of(std::size_t token, std::size_t field) const { return map[token * 3] == static_cast<float>(field); }
  ByteSpan place(std::size_t first, std::size_t last) const {
    return {static_cast<std::int64_t>(map[first * 3 + 1]), static_cast<std::int64_t>(map[last * 3 + 2])};
  }
};

/// What fills up has places of -1.
std::size_t tokens_of(std::span<const float> map) {
  std::size_t tokens = map.size() / 3;
  while (tokens > 0 && map[(tokens - 1) * 3 + 1] < 0) --tokens;
  return tokens;
}

/// Numbers of the `best` tokens by what `logit` gives, highest first.
template <typename Logit>
std::vector<std::size_t> highest(std::size_t tokens, std::size_t best, const Logit& logit) {
  std::vector<std::size_t> order(tokens);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(best, tokens));
  std::partial_sort(order.begin(), end, order.end(),
                    [&](std::size_t a, std::size_t b) { return logit(a) != logit(b) ? logit(a) > logit(b) : a < b; });
  order.erase(end, order.end());
  return order;
}

void add_window(const Window& window, std::size_t field, const AnswerSearch& search,
                std::vector<WeighedAnswer>& found) {
  const auto firsts = highest(window.tokens, search.best, [&](std::size_t token) { return window.begin(token); });
  const auto lasts = highest(window.tokens, search.best, [&](std::size_t token) { return window.end(token); });
  for (const std::size_t first : firsts) {
    for (const std::size_t last : lasts) {
      if (!window.is_of(first, field) || !window.is_of(last, field)) continue;
      if (last < first || last - first + 1 > search.longest) continue;
      const float begin = window.begin(first), end = window.end(last);
      found.push_back({.place = window.place(first, last), .begin = begin, .end = end, .score = begin + end});
    }
  }
}

bool is_none(const WeighedAnswer& answer) { return answer.place == ByteSpan{0, 0}; }

/// The `best` of them, and, where there may be none, that too.
void keep_best(std::vector<WeighedAnswer>& answers, const WeighedAnswer& none, const AnswerSearch& search) {
  if (search.may_have_none) answers.push_back(none);
  std::ranges::stable_sort(answers, std::ranges::greater(), &WeighedAnswer::score);
  if (answers.size() > search.best) answers.resize(search.best);
  if (search.may_have_none && std::ranges::none_of(answers, is_none)) answers.push_back(none);
}

void set_probabilities(std::vector<WeighedAnswer>& answers) {
  double most = static_cast<double>(answers.front().score), sum = 0;
  for (const WeighedAnswer& answer : answers) most = std::max(most, static_cast<double>(answer.score));
  for (WeighedAnswer& answer : answers) sum += answer.probability = std::exp(static_cast<double>(answer.score) - most);
  for (WeighedAnswer& answer : answers) answer.probability /= sum;
}

void choose(FoundAnswers& found, const WeighedAnswer& none, const AnswerSearch& search) {
  if (!search.may_have_none) return;
  const auto best = std::ranges::find_if(found.kept, [](const WeighedAnswer& answer) { return !answer.text.empty(); });
  if (best == found.kept.end()) return;
  found.no_answer = static_cast<double>(none.score) - static_cast<double>(best->begin) - static_cast<double>(best->end);
  const auto given = *found.no_answer > search.threshold ? std::ranges::find_if(found.kept, is_none) : best;
  found.chosen = static_cast<std::size_t>(given - found.kept.begin());
}

void check(const Tensor& logits, const Tensor& map) {
  const Shape& of = logits.shape();
  const Shape& places = map.shape();
  const bool fits = of.size() == 3 && of[2] == 2 && places.size() == 3 && places[2] == 3 && places[0] == of[0] &&
                    places[1] <= of[1] && of[0] > 0;
  if (!fits)
    throw data_error("answers", fmt::format("logits {} for places {}", to_string(of), to_string(places)),
                     "(windows, tokens, 2), and (windows, tokens, 3)");
}

}  // namespace

FoundAnswers find_answers(const Tensor& logits, const Tensor& map, std::string_view context, std::size_t fields,
                          const AnswerSearch& search) {
  check(logits, map);
  const std::size_t windows = to_size(logits.shape()[0]);
  const std::size_t width = to_size(logits.shape()[1]) * 2, places = to_size(map.shape()[1]) * 3;
  FoundAnswers found;
  WeighedAnswer none;
  for (std::size_t w = 0; w < windows; ++w) {
    Window window{.logits = logits.as<float>().subspan(w * width, width),
                  .map = map.as<float>().subspan(w * places, places)};
    window.tokens = tokens_of(window.map);
    if (window.tokens == 0) continue;
    const float score = window.begin(0) + window.end(0);
    if (w == 0 || score < none.score) none = {.begin = window.begin(0), .end = window.end(0), .score = score};
    add_window(window, fields - 1, search, found.kept);
  }
  keep_best(found.kept, none, search);
  for (WeighedAnswer& answer : found.kept) {
    const std::size_t begin = std::min(to_size(answer.place.begin), context.size());
    answer.text = context.substr(begin, to_size(answer.place.end - answer.place.begin));
  }
  const bool nothing = found.kept.empty() || (found.kept.size() == 1 && found.kept.front().text.empty());
  if (nothing) found.kept.insert(found.kept.begin(), WeighedAnswer{.place = {-1, -1}, .text = "empty"});
  set_probabilities(found.kept);
  choose(found, none, search);
  return found;
}

}  // namespace enxerto
