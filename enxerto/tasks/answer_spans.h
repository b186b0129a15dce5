#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/data/span_target.h"

namespace enxerto {

/// One answer that was weighed.
struct WeighedAnswer {
  ByteSpan place = {};  ///< in the context; {0, 0}: that there is no answer
  std::string text = {};
  float begin = 0, end = 0;  ///< the logits of its first and its last token
  float score = 0;           ///< their sum
  double probability = 0;    ///< softmax of the scores of all that were kept
};

struct AnswerSearch {
  std::size_t best = 20;       ///< of a window's first tokens, of its last ones, and of the answers that are kept
  std::size_t longest = 30;    ///< tokens of an answer
  bool may_have_none = false;  ///< there may be no answer: the first token of each window says so
  double threshold = 0;        ///< none is given where its score is by more than this above that of the best answer
};

struct FoundAnswers {
  std::vector<WeighedAnswer> kept;       ///< best first; never empty
  std::optional<double> no_answer = {};  ///< its score minus that of the best answer, where there may be none
  std::size_t chosen = 0;                ///< of `kept`
};

/// The answers to one question on all windows of its context, as transformers' postprocess_qa_predictions
/// (examples/pytorch/question-answering/utils_qa.py) finds them: of each window the `best` tokens to begin and to end
/// with, in all pairs that are in the context, in order and not too long; of all windows the `best` by their score.
/// That there is no answer scores what the first tokens do in the window where that is least. Where nothing is found
/// the answer is "empty". Of equal logits the lower token comes first, of equal scores the one that was found first.
/// `logits` (windows, tokens, 2), `map` (windows, tokens, 3) as `Alignment::map`, `context` the field number
/// `fields` - 1.
FoundAnswers find_answers(const Tensor& logits, const Tensor& map, std::string_view context, std::size_t fields,
                          const AnswerSearch& search);

}  // namespace enxerto
