#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/files/json.h"

namespace enxerto {

/// The small JSON files next to a tokenizer. A file or a key that is missing, or null, is none.
class FolderConfig {
 public:
  /// Throws Error{weights} where a file is there and is not a JSON object.
  explicit FolderConfig(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return folder_; }
  bool has(const char* file) const;

  /// Of tokenizer_config.json; `flag` throws Error{weights} where it is no truth value.
  std::optional<std::string> text(std::string_view key) const;
  std::optional<bool> flag(std::string_view key) const;

  /// A special token, "cls_token": of tokenizer_config.json, else of special_tokens_map.json; either a text or an
  /// object with its content.
  std::optional<std::string> token(std::string_view key) const;

  /// The same as the token is to be found in texts: an object of "content", "special", "lstrip" and so on.
  /// `lstrip` where it does not say whether blanks before it belong to it.
  std::optional<Json> found_token(std::string_view key, bool lstrip) const;

  /// Tokens beside the vocabulary, by their ids: the added_tokens_decoder of tokenizer_config.json, else
  /// added_tokens.json. Throws Error{weights} where they are malformed.
  std::vector<Json> added_tokens() const;

  /// additional_special_tokens, extra_special_tokens.
  std::vector<Json> more_special_tokens() const;

  /// The smaller of model_max_length and max_seq_length that are numbers of tokens; nullopt: neither is.
  std::optional<std::int64_t> max_length() const;

  /// What sentence_bert_config.json says.
  std::optional<bool> sentence_flag(std::string_view key) const;

  /// Of config.json; "" where it does not say.
  std::string model_type() const;

  /// What sentence-transformers puts before each text unless asked otherwise.
  std::string default_prompt() const;

 private:
  std::filesystem::path folder_;
  Json tokenizer_, special_, added_, sentence_, prompts_, network_;
};

}  // namespace enxerto
