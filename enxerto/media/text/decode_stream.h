#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "enxerto/media/text/tokenizer.h"

namespace enxerto {

/// The text of tokens that come one by one, in whole characters: what a token adds depends on those before it, and a
/// character may lie in several.
class DecodeStream {
 public:
  /// Behind the tokens `before`. Special tokens are left out of the text.
  DecodeStream(std::shared_ptr<const Tokenizer> tokenizer, std::span<const std::int64_t> before);

  /// What the text is longer by; "" while a character is not whole.
  std::string add(std::int64_t token);

  /// What is left where no further token comes: characters that have stayed in pieces are U+FFFD.
  std::string rest();

 private:
  std::string text_from(std::size_t begin, std::size_t end) const;

  std::shared_ptr<const Tokenizer> tokenizer_;
  std::vector<std::uint32_t> tokens_;
  std::size_t begin_ = 0, read_ = 0;  // tokens from `begin_` to `read_` are the context of those behind
};

}  // namespace enxerto
