#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/media/text/folder_config.h"
#include "enxerto/media/text/tokenizer_json.h"

namespace enxerto {

/// A special token, and what it is called where the folder does not say.
struct SpecialToken {
  std::string_view key, usual;
  bool needed = false;
  bool lstrip = false;  ///< blanks before it belong to it
};

struct AddedTokens {
  Json list = Json::array();            ///< the "added_tokens" of a tokenizer.json
  std::vector<std::string> names = {};  ///< of the special tokens, in their order
};

/// The tokens that a folder names: special ones of its vocabulary, and those beside it, with the ids behind the
/// vocabulary's in the order in which transformers 5 adds them. Throws Error{weights} naming `file`, the vocabulary's,
/// where one that is needed is in neither.
AddedTokens added_tokens(const FolderConfig& config, const char* file, const VocabularyJson& vocabulary,
                         std::span<const SpecialToken> specials);

bool has_token(const Json& list, std::string_view content);

/// Of a token that the list has.
std::int64_t id_of(const Json& list, std::string_view content);

/// The text of a tokenizer.json with the tokens that tokenizer_config.json names and it lacks; the same text where it
/// has all.
std::string with_added_tokens(std::string json, const FolderConfig& config);

/// The text of a tokenizer.json of BERT's pipeline with the do_lower_case, strip_accents and tokenize_chinese_chars
/// that tokenizer_config.json states, which hold in transformers; the same text where they are as it says, and for the
/// class that takes a tokenizer.json as it is.
std::string with_stated_case(std::string json, const FolderConfig& config);

}  // namespace enxerto
