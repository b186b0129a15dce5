#include "enxerto/metrics/answer_scores.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/metrics/interval.h"

namespace enxerto {
namespace {

std::string_view text_of(const Tensor& tensor) {
  const std::span<const std::byte> bytes = tensor.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

double token_overlap(const TokenSpan& said, const TokenSpan& right) {
  const bool none = right.first == 0 && right.last == 0, said_none = said.first == 0 && said.last == 0;
  if (none || said_none) return none && said_none ? 1 : 0;
  const std::size_t begin = std::max(said.first, right.first), end = std::min(said.last, right.last) + 1;
  if (end <= begin) return 0;
  const auto common = static_cast<double>(end - begin);
  return 2 * common / static_cast<double>(said.last - said.first + 1 + right.last - right.first + 1);
}

struct Sums {
  std::vector<double> f1;
  std::size_t exact = 0;
};

void add_figures(MetricsReport& report, const std::string& prefix, const Sums& sums, const std::string& of) {
  const Estimate f1 = estimated_mean(sums.f1);
  const std::size_t seen = sums.f1.size();
  const Interval inside = std::isnan(f1.interval.low)
                              ? f1.interval
                              : Interval{std::max(0.0, f1.interval.low), std::min(1.0, f1.interval.high)};
  report.values.push_back({.name = prefix + "f1",
                           .value = f1.value,
                           .interval = inside,
                           .title = fmt::format("F1{}", of),
                           .in_phases = false});
  report.values.push_back({.name = prefix + "exact_match",
                           .value = seen == 0 ? kNan : static_cast<double>(sums.exact) / static_cast<double>(seen),
                           .interval = wilson_interval(sums.exact, seen),
                           .title = fmt::format("exact match{}", of),
                           .in_phases = false});
}

}  // namespace

TokenSpan best_token_span(std::span<const float> logits, std::size_t longest) {
  TokenSpan best;
  const std::size_t tokens = logits.size() / 2;
  if (tokens == 0) return best;
  float most = logits[0] + logits[1];
  for (std::size_t last = 1; last < tokens; ++last) {
    for (std::size_t first = last + 1 > longest ? last + 1 - longest : 0; first <= last; ++first) {
      if (first == 0) continue;
      const float sum = logits[first * 2] + logits[last * 2 + 1];
      if (sum <= most) continue;
      most = sum;
      best = {first, last};
    }
  }
  return best;
}

std::vector<std::string_view> answers_in(std::string_view context, const Tensor& target) {
  std::vector<std::string_view> answers;
  const auto places = target.as<std::int64_t>();
  for (std::size_t i = 0; i + 1 < places.size(); i += 2) {
    if (places[i] < 0) continue;
    if (places[i + 1] < places[i] || to_size(places[i + 1]) > context.size())
      throw data_error("answers", fmt::format("bytes {} to {}", places[i], places[i + 1]),
                       fmt::format("within a text of {} bytes", context.size()));
    answers.push_back(context.substr(to_size(places[i]), to_size(places[i + 1] - places[i])));
  }
  return answers;
}

void AnswerScores::update(const TensorMap& outputs, const TensorMap& targets) {
  const Tensor& target = targets.at(kTarget);
  if (outputs.contains("answer")) return add_question(outputs, target);
  add_rows(outputs.at(kLogits).to_float32(), target);
}

void AnswerScores::add_question(const TensorMap& outputs, const Tensor& target) {
  const std::vector<std::string_view> truths = answers_in(text_of(outputs.at("context")), target);
  scores_.push_back(answer_score(text_of(outputs.at("answer")), truths, some_have_none_));
  answerable_.push_back(!truths.empty());
}

void AnswerScores::add_rows(const Tensor& logits, const Tensor& target) {
  const Shape& shape = logits.shape();
  if (shape.size() != 3 || shape[2] != 2 || target.shape() != Shape{shape[0], 2})
    throw data_error("answers", fmt::format("logits {} for targets of {}", to_string(shape), to_string(target.shape())),
                     "logits (N, tokens, 2) and targets (N, 2)");
  const std::size_t width = to_size(shape[1]) * 2;
  const auto numbers = target.as<std::int64_t>();
  for (std::size_t row = 0; row < to_size(shape[0]); ++row) {
    const TokenSpan right{to_size(numbers[row * 2]), to_size(numbers[row * 2 + 1])};
    rows_.push_back(token_overlap(best_token_span(logits.as<float>().subspan(row * width, width)), right));
  }
}

void AnswerScores::report(MetricsReport& report) const {
  Sums all, with, without;
  for (std::size_t i = 0; i < scores_.size(); ++i) {
    Sums& part = answerable_[i] ? with : without;
    for (Sums* sums : {&all, &part}) {
      sums->f1.push_back(scores_[i].f1);
      sums->exact += scores_[i].exact ? 1 : 0;
    }
  }
  const bool questions = !scores_.empty() || rows_.empty();
  if (questions) add_figures(report, "", all, "");
  if (questions && some_have_none_) {
    if (!scores_.empty())
      report.values.front().baseline = {
          .value = static_cast<double>(without.f1.size()) / static_cast<double>(scores_.size()),
          .name = "always answering that there is no answer"};
    add_figures(report, "has_answer.", with, " where there is an answer");
    add_figures(report, "no_answer.", without, " where there is none");
  }
  if (!scores_.empty()) return;
  report.values.push_back(
      {.name = "token_f1", .value = estimated_mean(rows_).value, .title = "F1 of tokens, window by window"});
}

void AnswerScores::reset() {
  scores_.clear();
  answerable_.clear();
  rows_.clear();
}

}  // namespace enxerto
