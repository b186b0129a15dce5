#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "enxerto/files/json.h"
#include "enxerto/media/text/tokenizer.h"

namespace enxerto {

/// The pieces of one language of a translation network: a SentencePiece model, whose pieces have numbers of their own
/// or those of a vocabulary beside it (opus-mt). Safe from many threads.
class NumberedPieces {
 public:
  /// `vocabulary`: a JSON object of pieces and numbers; "": the model's own. Throws Error{weights} naming the file that
  /// is missing or malformed, and for numbers that no piece can have.
  explicit NumberedPieces(const std::filesystem::path& model, const std::filesystem::path& vocabulary = {});

  /// Those of a tokenizer.json, by its own numbers. Throws Error{weights} where none of them stands for what is
  /// unknown.
  static NumberedPieces of_tokenizer(std::string json, std::string_view where);

  /// The opposite of `record`. Throws Error{data} naming `where` and the member that is missing or wrong.
  static NumberedPieces from_record(const Json& record, std::string_view where);

  /// {"tokenizer": the text of a tokenizer.json, "pieces": by their numbers, where these are not the tokenizer's}.
  Json record() const;

  /// The numbers of a text, without any that stands before or behind it. A language code at its beginning, ">>pt<<", is
  /// a piece of its own where there is a vocabulary. Throws Error{data} naming `where` for what is no text.
  std::vector<std::int64_t> encode(std::string_view text, std::string_view where) const;

  /// The text of numbers; those of control pieces are left out.
  std::string decode(std::span<const std::int64_t> numbers) const;

  /// Throws Error{weights} naming `where` unless the numbers are those of `words` words of a network, up to `spare` of
  /// which at the end may be nobody's (filled up to a round number).
  void require_fit(std::int64_t words, std::int64_t spare, std::string_view where) const;

  std::optional<std::int64_t> number_of(std::string_view piece) const;
  std::int64_t unknown() const { return unknown_; }
  std::size_t limit() const { return pieces_.size(); }  ///< one more than the largest number

 private:
  NumberedPieces() = default;
  void number(const std::vector<std::string>& of_ids, std::string_view where);

  std::string json_;  // of the tokenizer
  std::shared_ptr<const Tokenizer> tokenizer_;
  std::unordered_map<std::string, std::int64_t> numbers_;
  std::vector<std::string> pieces_;         // by number
  std::vector<std::int64_t> number_of_id_;  // by the tokenizer's id
  std::int64_t unknown_ = 0;
  bool has_codes_ = false;
};

}  // namespace enxerto
