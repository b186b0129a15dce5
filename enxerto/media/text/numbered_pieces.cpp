#include "enxerto/media/text/numbered_pieces.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/files/json.h"
#include "enxerto/media/text/sentencepiece_file.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestVocabulary = std::size_t{64} << 20;
constexpr std::int64_t kMostPieces = 10'000'000;
constexpr std::string_view kBlank = "\xE2\x96\x81";
constexpr std::array<std::string_view, 4> kControl{"</s>", "<unk>", "<pad>", "<s>"};

std::unordered_map<std::string, std::int64_t> vocabulary_in(const std::filesystem::path& path) {
  const Json object = read_json(path, kLargestVocabulary, ErrorKind::weights);
  if (!object.is_object()) throw weights_error(path.string(), "no object of JSON", "pieces and their numbers");
  std::unordered_map<std::string, std::int64_t> numbers;
  for (const auto& [piece, number] : object.items()) {
    if (!number.is_number_integer() || number.get<std::int64_t>() < 0 || number.get<std::int64_t>() > kMostPieces)
      throw weights_error(path.string(), fmt::format("'{}' has the number {}", piece, number.dump()),
                          "a number of a piece");
    numbers.emplace(piece, number.get<std::int64_t>());
  }
  return numbers;
}

/// The byte that a piece "<0x0A>" stands for.
std::optional<char> byte_of(std::string_view piece) {
  if (piece.size() != 6 || !piece.starts_with("<0x") || piece.back() != '>') return std::nullopt;
  int value = 0;
  for (const char digit : piece.substr(3, 2)) {
    const bool decimal = digit >= '0' && digit <= '9', letter = digit >= 'A' && digit <= 'F';
    if (!decimal && !letter) return std::nullopt;
    value = value * 16 + (decimal ? digit - '0' : digit - 'A' + 10);
  }
  return static_cast<char>(value);
}

/// By their ids.
std::vector<std::string> pieces_of(const Tokenizer& tokenizer) {
  std::vector<std::string> pieces;
  for (std::size_t id = 0; id < tokenizer.id_limit(); ++id)
    pieces.push_back(tokenizer.piece_of(static_cast<std::uint32_t>(id)).value_or(""));
  return pieces;
}

}  // namespace

NumberedPieces::NumberedPieces(const std::filesystem::path& model, const std::filesystem::path& vocabulary) {
  const SentencePieceFile file = read_sentencepiece(model);
  json_ = unmarked_tokenizer(file, model.string());
  tokenizer_ = shared_tokenizer(json_, model.string());
  std::vector<std::string> of_ids;
  for (const SentencePieceFile::Piece& piece : file.pieces) of_ids.push_back(piece.text);
  has_codes_ = !vocabulary.empty();
  if (has_codes_) numbers_ = vocabulary_in(vocabulary);
  number(of_ids, (has_codes_ ? vocabulary : model).string());
}

NumberedPieces NumberedPieces::of_tokenizer(std::string json, std::string_view where) {
  NumberedPieces pieces;
  pieces.json_ = std::move(json);
  pieces.tokenizer_ = shared_tokenizer(pieces.json_, where);
  pieces.number(pieces_of(*pieces.tokenizer_), where);
  return pieces;
}

NumberedPieces NumberedPieces::from_record(const Json& record, std::string_view where) {
  NumberedPieces pieces;
  pieces.json_ = member<std::string>(record, "tokenizer", where, ErrorKind::data);
  pieces.tokenizer_ = shared_tokenizer(pieces.json_, where);
  if (const auto list = record.find("pieces"); list != record.end()) {
    if (!list->is_array() || !std::ranges::all_of(*list, [](const Json& one) { return one.is_string(); }))
      throw data_error(std::string(where), "pieces that are no list of texts", "a list of texts");
    pieces.has_codes_ = true;
    for (std::size_t number = 0; number < list->size(); ++number) {
      const std::string piece = (*list)[number].get<std::string>();  // "": of a number that no piece has
      if (!piece.empty() && !pieces.numbers_.emplace(piece, static_cast<std::int64_t>(number)).second)
        throw data_error(std::string(where), "the piece '" + piece + "' twice", "each piece once");
    }
  }
  pieces.number(pieces_of(*pieces.tokenizer_), where);
  return pieces;
}

Json NumberedPieces::record() const {
  Json record{{"tokenizer", json_}};
  if (has_codes_) record["pieces"] = pieces_;
  return record;
}

/// By the vocabulary, where there is one, else as the tokenizer numbers its pieces.
void NumberedPieces::number(const std::vector<std::string>& of_ids, std::string_view where) {
  if (!has_codes_)
    for (std::size_t id = 0; id < of_ids.size(); ++id) numbers_.emplace(of_ids[id], static_cast<std::int64_t>(id));
  const auto unknown = numbers_.find("<unk>");
  if (unknown == numbers_.end()) throw weights_error(std::string(where), "no piece <unk>", "one");
  unknown_ = unknown->second;
  for (const auto& [piece, number] : numbers_) {
    pieces_.resize(std::max(pieces_.size(), to_size(number) + 1));
    pieces_[to_size(number)] = piece;
  }
  for (const std::string& piece : of_ids) {
    const auto found = numbers_.find(piece);
    number_of_id_.push_back(found == numbers_.end() ? unknown_ : found->second);
  }
}

std::vector<std::int64_t> NumberedPieces::encode(std::string_view text, std::string_view where) const {
  std::vector<std::int64_t> numbers;
  if (const std::size_t end = text.find("<<"); has_codes_ && text.starts_with(">>") && end != std::string_view::npos) {
    numbers.push_back(number_of(text.substr(0, end + 2)).value_or(unknown_));
    text.remove_prefix(end + 2);
  }
  const EncodedText encoded = tokenizer_->encode({&text, 1}, {.template_tokens = false}, where);
  const TokenWindow window = encoded.window(0);
  for (std::size_t i = 0; i < window.size(); ++i) {
    const std::int64_t number = number_of_id_.at(window.ids[i]);
    // What the model does not know may be a piece of the other language's, as MarianTokenizer looks it up.
    numbers.push_back(number == unknown_ ? number_of(window.piece(i)).value_or(unknown_) : number);
  }
  return numbers;
}

std::string NumberedPieces::decode(std::span<const std::int64_t> numbers) const {
  std::string text;
  for (const std::int64_t number : numbers) {
    if (number < 0 || to_size(number) >= pieces_.size()) continue;
    const std::string& piece = pieces_[to_size(number)];
    if (std::ranges::find(kControl, piece) != kControl.end()) continue;
    if (const std::optional<char> byte = byte_of(piece)) {
      text += *byte;
      continue;
    }
    for (std::string_view rest = piece; !rest.empty();) {
      const std::size_t at = rest.find(kBlank);
      text += rest.substr(0, at);
      if (at == std::string_view::npos) break;
      text += ' ';
      rest.remove_prefix(at + kBlank.size());
    }
  }
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

void NumberedPieces::require_fit(std::int64_t words, std::int64_t spare, std::string_view where) const {
  const auto pieces = static_cast<std::int64_t>(limit());
  if (pieces <= words && pieces >= words - spare) return;
  throw weights_error(std::string(where),
                      fmt::format("{} pieces, and the network has {} words: {}", pieces, words,
                                  pieces < words ? "the vocabulary is cut off, or another network's"
                                                 : "the vocabulary is another network's"),
                      spare > 0 ? fmt::format("{} to {}", words - spare, words) : fmt::format("{}", words),
                      "the vocabulary that the network was saved with");
}

std::optional<std::int64_t> NumberedPieces::number_of(std::string_view piece) const {
  const auto found = numbers_.find(std::string(piece));
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

}  // namespace enxerto
