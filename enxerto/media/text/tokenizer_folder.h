#pragma once
#include <cstdint>
#include <filesystem>

#include "enxerto/files/json.h"

namespace enxerto {

/// What a network wants of its texts.
struct TextInputs {
  std::int64_t max_length = 0;  ///< positions that it has; 0: no bound
  bool token_types = false;     ///< takes an input "token_type_ids"
  bool pads = true;             ///< takes an input "attention_mask"
};

/// Whether `folder` has a tokenizer that `text_record` reads.
bool has_tokenizer(const std::filesystem::path& folder);

/// The record of the text preprocessor of a folder as transformers or sentence-transformers leave it, for
/// `preprocessor_from_record`. The tokenizer is the first of: tokenizer.json; vocab.txt (BERT's pipeline, by the
/// do_lower_case, strip_accents and tokenize_chinese_chars of tokenizer_config.json); vocab.json with merges.txt
/// (byte-level BPE: GPT-2's, RoBERTa's or Qwen2's, by its tokenizer_class); with the tokens that tokenizer_config.json,
/// special_tokens_map.json and added_tokens.json add to these; a SentencePiece model, of XLM-R or T5. Texts are cut at
/// the smallest of `inputs.max_length`, the model_max_length of tokenizer_config.json (transformers' "no limit" is a
/// number of thirty digits: ignored), the max_seq_length of sentence_bert_config.json and `kUsualMaxLength`, on its
/// truncation_side. Throws Error{weights} naming the file where there is none, or one that is malformed.
Json text_record(const std::filesystem::path& folder, const TextInputs& inputs);

}  // namespace enxerto
