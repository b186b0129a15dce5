#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// Python's str.lower(): one code point each but for the two that the Unicode standard makes special, of which a sigma
/// depends on whether letters stand before and behind it.
std::string lowered_text(std::string_view text);

/// A text as SQuAD's evaluation compares it (evaluate-v1.1.py and evaluate-v2.0.py, `normalize_answer`): lower case,
/// without the ASCII punctuation, the English articles a, an and the as words, and with one space between words. XQuAD
/// compares all its languages by it, and so do we.
std::string normalised_answer(std::string_view text);

/// The words of that.
std::vector<std::string> answer_words(std::string_view text);

/// F1 of the words of an answer against those of the truth, as often as they are there (`f1_score`). `none_counts`:
/// where one of them has no words it is 1 if both have none, else 0, as SQuAD 2.0 says; without, no common word is 0.
double answer_f1(std::string_view answer, std::string_view truth, bool none_counts);

/// The better of two figures, exact match (0 or 1) and F1, against each of the truths. Without a truth the right answer
/// is to give none; with `none_counts` truths of which nothing is left are no truths.
struct AnswerScore {
  bool exact = false;
  double f1 = 0;
};
AnswerScore answer_score(std::string_view answer, std::span<const std::string_view> truths, bool none_counts);

}  // namespace enxerto
