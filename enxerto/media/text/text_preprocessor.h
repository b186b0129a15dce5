#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/media/preprocessor.h"
#include "enxerto/media/text/tokenizer.h"

namespace enxerto {

/// How texts become the inputs of a network.
struct TextPreprocess {
  std::string tokenizer;        ///< the text of a tokenizer.json
  std::int64_t max_length = 0;  ///< tokens, those of the template counted; 0: not cut
  std::int64_t positions = 0;   ///< tokens that the network has positions for, at most; 0: any number
  std::vector<std::string> inputs = {"input_ids", "attention_mask"};  ///< any of these and "token_type_ids", in order
  TruncationStrategy truncation = TruncationStrategy::longest_first;
  std::string truncation_side = "right";  ///< "left": the beginning is cut off
  std::string prefix = {};                ///< put before every text, as "query: " of e5
  std::int64_t stride = -1;  ///< 0 and above: what is longer is divided into windows that share so many tokens
};

/// One text or two (a pair) as int64 inputs of shape (-1), named and filled as transformers does: ids, 1 for each
/// token, and which text it is of. Its record is
/// {"kind": "text", "tokenizer", "max_length", "inputs"}, with "positions", "truncation", "truncation_side",
/// "prefix" and "stride" where they are not as in `TextPreprocess`. `Alignment` has the tokens' bytes without the
/// prefix: what is of the prefix or of the template has begin and end 0, field -1. Throws Error{weights} naming `where`
/// for a tokenizer that is none, Error{data} for a member out of its range.
PreprocessorPtr text_preprocessor(const TextPreprocess& preprocess, std::string_view where);

/// A row of `preprocessor_kinds`.
PreprocessorPtr text_preprocessor_from_record(const Json& record, std::string_view where);

}  // namespace enxerto
