#pragma once
#include <cstddef>
#include <vector>

#include "enxerto/metrics/answer_text.h"
#include "enxerto/metrics/metric.h"

namespace enxerto {

/// How good answers to questions are that stand in a text. Of questions: "f1" and "exact_match" to the letter of
/// SQuAD's evaluation scripts (answer_text.h), 1.1's, or, where some questions have no answer, 2.0's, with
/// "has_answer.f1", "no_answer.f1" .. of those with and without. Of the rows of a phase, which are windows: "token_f1",
/// the overlap of the best span of tokens with the one that is learned; a window without an answer is right where its
/// first token is the best.
class AnswerScores final : public Metric {
 public:
  explicit AnswerScores(bool some_have_none) : some_have_none_(some_have_none) {}

  /// Of one question: outputs "answer" and "context", texts in UTF-8 as bytes; target its answers as (1, answers, 2) of
  /// int64, begin and end in bytes, -1 where there is none. Of rows: "head.logits" (N, tokens, 2), and (N, 2) tokens.
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override;

 private:
  void add_question(const TensorMap& outputs, const Tensor& target);
  void add_rows(const Tensor& logits, const Tensor& target);

  bool some_have_none_;
  std::vector<AnswerScore> scores_;
  std::vector<bool> answerable_;  // of each question
  std::vector<double> rows_;
};

/// The best span of a row of tokens, of at most `longest`, by the sum of the logits of its first and its last token;
/// (0, 0) where both are the first. `logits` has begin and end of each token.
struct TokenSpan {
  std::size_t first = 0, last = 0;
};
TokenSpan best_token_span(std::span<const float> logits, std::size_t longest = 30);

/// The answers that a target of `update` names in a context.
std::vector<std::string_view> answers_in(std::string_view context, const Tensor& target);

}  // namespace enxerto
