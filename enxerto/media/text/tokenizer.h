#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/words.h"

struct EnxertoEncoding;
struct EnxertoTokenizer;

namespace enxerto {

/// Which of two texts gives way where both are too long: the longer one, or always the same.
enum class TruncationStrategy { longest_first, only_first, only_second };
template <>
inline constexpr std::array<std::string_view, 3> kWords<TruncationStrategy>{"longest_first", "only_first",
                                                                            "only_second"};

struct EncodeOptions {
  std::size_t max_length = 0;  ///< tokens of a window, those of the template counted; 0: one window of any length
  std::size_t stride = 0;      ///< tokens that a window shares with the one before it; fewer than a window has room for
  TruncationStrategy strategy = TruncationStrategy::longest_first;
  bool from_left = false;  ///< the first window is the end of the text
  bool template_tokens = true;
};

/// One window of an encoded example: arrays of one length. They live as long as its `EncodedText`.
struct TokenWindow {
  std::span<const std::uint32_t> ids, type_ids, attention;
  std::span<const std::uint32_t> special;   ///< 1 for tokens of the template
  std::span<const std::int32_t> sequences;  ///< 0 or 1: which text; -1 for tokens of the template
  std::span<const std::uint32_t> offsets;   ///< begin and end of each token, code points of its text
  const char* pieces = nullptr;
  std::span<const std::size_t> piece_ends;

  std::size_t size() const { return ids.size(); }
  std::string_view piece(std::size_t token) const;
};

/// The windows of one example: its own, then those that overflow, in the order of the library `tokenizers`.
class EncodedText {
 public:
  explicit EncodedText(EnxertoEncoding* encoding);
  std::size_t windows() const;
  TokenWindow window(std::size_t number) const;

 private:
  std::shared_ptr<EnxertoEncoding> encoding_;
};

/// Begin and end of every token of a window in bytes of its text, two numbers a token: those of the characters that its
/// code points are. A token that is part of a character has the whole of it.
std::vector<std::size_t> byte_offsets(const TokenWindow& window, std::span<const std::string_view> texts);

/// A tokenizer as its tokenizer.json describes it (huggingface/tokenizers 0.22.2, whose results these are), without the
/// truncation and padding of that file. Safe from many threads.
class Tokenizer {
 public:
  /// Throws Error{weights} naming `where`: larger than 64 MiB, no tokenizer.json; Error{other} where
  /// libenxerto_text.so cannot be opened.
  Tokenizer(std::string_view json, std::string_view where);

  /// One text or two. Throws Error{data} naming `where`: a text of more than 16 MiB, or no UTF-8, or with NUL bytes,
  /// and what cannot be cut as `options` say.
  EncodedText encode(std::span<const std::string_view> texts, const EncodeOptions& options,
                     std::string_view where) const;

  /// The text of ids, by the tokenizer's decoder. Throws Error{data}.
  std::string decode(std::span<const std::uint32_t> ids, bool skip_special = true) const;

  std::size_t vocabulary_size() const { return pieces_; }  ///< different pieces, added ones counted
  std::size_t id_limit() const { return ids_; }            ///< one more than the largest id: rows of an embedding
  std::size_t template_tokens(bool pair) const { return pair ? added_pair_ : added_single_; }
  std::optional<std::uint32_t> unknown() const { return unknown_; }  ///< what stands for words that are not known
  std::optional<std::uint32_t> id_of(std::string_view piece) const;
  std::optional<std::string> piece_of(std::uint32_t id) const;

 private:
  std::shared_ptr<EnxertoTokenizer> tokenizer_;
  std::size_t pieces_ = 0, ids_ = 0, added_single_ = 0, added_pair_ = 0;
  std::optional<std::uint32_t> unknown_;
};

/// The one tokenizer of this process with that tokenizer.json, made where there is none: reading one of 250,000 pieces
/// takes most of a second. Safe from many threads; throws as `Tokenizer`.
std::shared_ptr<const Tokenizer> shared_tokenizer(std::string_view json, std::string_view where);

}  // namespace enxerto
