#include "enxerto/media/text/decode_stream.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace enxerto {
namespace {

constexpr std::size_t kContext = 8;  // tokens: more than a character has, and a word's first one among them
constexpr std::string_view kInPieces = "\xEF\xBF\xBD";

}  // namespace

DecodeStream::DecodeStream(std::shared_ptr<const Tokenizer> tokenizer, std::span<const std::int64_t> before)
    : tokenizer_(std::move(tokenizer)) {
  for (const std::int64_t token : before.last(std::min(before.size(), kContext)))
    tokens_.push_back(static_cast<std::uint32_t>(token));
  read_ = tokens_.size();
}

std::string DecodeStream::add(std::int64_t token) {
  tokens_.push_back(static_cast<std::uint32_t>(token));
  const std::string known = text_from(begin_, read_), now = text_from(begin_, tokens_.size());
  if (now.size() <= known.size() || now.ends_with(kInPieces)) return "";
  begin_ = read_;
  read_ = tokens_.size();
  return now.substr(known.size());
}

std::string DecodeStream::rest() {
  const std::string known = text_from(begin_, read_), now = text_from(begin_, tokens_.size());
  read_ = tokens_.size();
  return now.size() > known.size() ? now.substr(known.size()) : "";
}

std::string DecodeStream::text_from(std::size_t begin, std::size_t end) const {
  return tokenizer_->decode(std::span(tokens_).subspan(begin, end - begin));
}

}  // namespace enxerto
