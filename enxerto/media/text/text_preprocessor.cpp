#include "enxerto/media/text/text_preprocessor.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/files/require_utf8.h"
#include "enxerto/media/piece.h"
#include "enxerto/media/text/code_points.h"
#include "enxerto/media/text/sample_sentence.h"
#include "enxerto/media/text/text_pieces.h"
#include "enxerto/media/text/text_record.h"

namespace enxerto {
namespace {

/// An input, and what of a window it is filled with.
struct TokenInput {
  std::string_view name;
  std::span<const std::uint32_t> TokenWindow::* numbers;
};
constexpr std::array<TokenInput, 3> kInputs{{{"input_ids", &TokenWindow::ids},
                                             {"attention_mask", &TokenWindow::attention},
                                             {"token_type_ids", &TokenWindow::type_ids}}};

const TokenInput& input_named(const std::string& name, std::string_view where) {
  const auto* const row = std::ranges::find(kInputs, name, &TokenInput::name);
  if (row != kInputs.end()) return *row;
  throw data_error(fmt::format("{}: inputs", where), fmt::format("'{}'", name),
                   "input_ids, attention_mask or token_type_ids");
}

std::string_view text_of(const Field& field, std::string_view where) {
  if (field.medium != Medium::text)
    throw data_error(std::string(where), fmt::format("a {}", medium_row(field.medium).noun), "a text");
  const std::span<const std::byte> bytes = field.bytes.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Field as_field(std::string_view text) {
  return {.medium = Medium::text,
          .bytes = Tensor::copied(DType::u8, {static_cast<std::int64_t>(text.size())}, std::as_bytes(std::span(text)))};
}

class TextPreprocessor final : public Preprocessor {
 public:
  TextPreprocessor(TextPreprocess preprocess, std::string_view where)
      : preprocess_(std::move(preprocess)), tokenizer_(shared_tokenizer(preprocess_.tokenizer, where)) {
    for (const std::string& name : preprocess_.inputs) {
      rows_.push_back(&input_named(name, where));
      inputs_.push_back({.name = name, .dtype = DType::i64, .shape = {-1}});
    }
    check(preprocess_, *tokenizer_, where);
  }

  std::span<const InputSpec> inputs() const override { return inputs_; }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    if (view.augment != nullptr) (void)random_changes(*view.augment);
    const std::vector<std::string> texts = texts_of(example, view.where);
    const EncodedText encoded = encoded_of(texts, view.where, to_size(preprocess_.max_length));
    const std::size_t number = example.front().window;
    if (number > 0 && (!divides() || number >= encoded.windows()))
      throw data_error(std::string(view.where), fmt::format("window number {}", number),
                       fmt::format("below {}", divides() ? encoded.windows() : 1));
    const TokenWindow window = encoded.window(number);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const std::span<std::byte> room = out.slot(i, {static_cast<std::int64_t>(window.size())});
      std::ranges::copy(window.*(rows_[i]->numbers), reinterpret_cast<std::int64_t*>(room.data()));
    }
    return {alignment_of(window, texts)};
  }

  bool divides() const override { return preprocess_.stride >= 0; }

  std::size_t windows(std::span<const Field> example, std::string_view where) const override {
    if (!divides()) return 1;
    return encoded_of(texts_of(example, where), where, to_size(preprocess_.max_length)).windows();
  }

  std::vector<Field> sample(std::uint64_t number) const override {
    const std::string sentence = sample_sentence(number);
    if (preprocess_.truncation != TruncationStrategy::only_second) return {as_field(sentence)};
    const std::size_t words = sentence.find(' ', sentence.find(' ') + 1);
    return {as_field(std::string_view(sentence).substr(0, words)), as_field(sentence)};
  }

  Json record() const override { return to_json(preprocess_); }

  /// As `run_clm` of transformers takes them: blocks as long as the network reads, at most 1,024 tokens.
  std::vector<Piece> pieces(std::span<const Field> example, std::string_view where) const override {
    constexpr std::int64_t kLongestBlock = 1024, kUsualBlock = 128;
    if (example.size() != 1)
      throw data_error(std::string(where), fmt::format("{} texts", example.size()), "one text, to be cut into blocks");
    (void)texts_of(example, where);
    const std::size_t added = tokenizer_->template_tokens(false);
    const auto longest =
        to_size(preprocess_.max_length > 0 ? std::min(preprocess_.max_length, kLongestBlock) : kUsualBlock);
    const std::string_view text = text_of(example[0], where);
    const bool begun = begins_with_template();
    std::vector<Piece> found;
    for (TextPiece& piece : text_pieces(*tokenizer_, text, longest - std::min(added, longest - 1), where)) {
      Piece one{.fields = {example[0]}, .tokens = std::move(piece.tokens), .bytes = piece.end - piece.begin};
      one.fields[0].bytes =
          example[0].bytes.rows(static_cast<std::int64_t>(piece.begin), static_cast<std::int64_t>(piece.end));
      if (!begun) {
        one.bytes -= std::min(one.bytes, piece.first_end - piece.begin);
        one.tokens.erase(one.tokens.begin());
      }
      found.push_back(std::move(one));
    }
    return found;
  }

  void check_readable(std::span<const Field> example, std::string_view where) const override {
    for (const std::string& text : texts_of(example, where)) require_utf8(text, where);
    (void)windows(example, where);  // a first text that leaves no room for the second
  }

  std::string summary() const override {
    if (preprocess_.max_length == 0) return "texts of any length";
    if (divides())
      return fmt::format("windows of {} tokens, {} of them shared", preprocess_.max_length, preprocess_.stride);
    return fmt::format("up to {} tokens", preprocess_.max_length);
  }

  std::optional<Transcript> transcript(std::span<const Field> example, std::string_view where) const override {
    const std::vector<std::string> texts = texts_of(example, where);
    const EncodedText encoded = encoded_of(texts, where, to_size(preprocess_.max_length));
    const TokenWindow kept = encoded.window(0);
    Transcript transcript{.text = tokenizer_->decode(kept.ids, false)};
    transcript.tokens = kept.size();
    transcript.unknown = tokenizer_->unknown() ? to_size(std::ranges::count(kept.ids, *tokenizer_->unknown())) : 0;
    if (divides() || encoded.windows() == 1) return transcript;  // of windows the others have the rest
    transcript.cut = encoded_of(texts, where, 0).window(0).size() - kept.size();
    for (std::size_t field = 0; field < texts.size(); ++field) transcript.cut_off += cut_off(field, texts[field], kept);
    return transcript;
  }

 private:
  /// Whether a token of the template stands before every text.
  bool begins_with_template() const {
    if (tokenizer_->template_tokens(false) == 0) return false;
    const std::string_view letter = "a";
    const EncodedText encoded = tokenizer_->encode({&letter, 1}, {}, "template");
    return encoded.window(0).size() > 0 && encoded.window(0).special[0] != 0;
  }

  /// The fields with the prefix before each.
  std::vector<std::string> texts_of(std::span<const Field> example, std::string_view where) const {
    if (example.empty() || example.size() > 2)
      throw data_error(std::string(where), fmt::format("{} fields", example.size()), "one text or two");
    std::vector<std::string> texts;
    bool blank = true;
    for (const Field& field : example) {
      const std::string_view text = text_of(field, where);
      blank = blank && is_blank(text);
      texts.push_back(preprocess_.prefix + std::string(text));
    }
    if (blank) throw data_error(std::string(where), "an empty text", "at least one word");
    const bool looked_through = preprocess_.truncation == TruncationStrategy::only_second;
    if (looked_through && texts.size() == 2)
      for (std::size_t i = 0; i < texts.size(); ++i)
        if (is_blank(text_of(example[i], where)))
          throw data_error(std::string(where), i == 0 ? "an empty first text" : "an empty second text",
                           "at least one word");
    return texts;
  }

  EncodedText encoded_of(const std::vector<std::string>& texts, std::string_view where, std::size_t max_length) const {
    std::array<std::string_view, 2> views{};
    std::ranges::copy(texts, views.begin());
    EncodedText encoded =
        tokenizer_->encode(std::span(views).first(texts.size()),
                           {.max_length = max_length,
                            .stride = max_length > 0 ? to_size(std::max<std::int64_t>(preprocess_.stride, 0)) : 0,
                            .strategy = preprocess_.truncation,
                            .from_left = preprocess_.truncation_side == "left"},
                           where);
    if (encoded.window(0).size() == 0)
      throw data_error(std::string(where), "a text that the tokenizer makes no token of", "at least one word");
    return encoded;
  }

  Tensor alignment_of(const TokenWindow& window, const std::vector<std::string>& texts) const {
    std::array<std::string_view, 2> views{};
    std::ranges::copy(texts, views.begin());
    const std::vector<std::size_t> bytes = byte_offsets(window, std::span(views).first(texts.size()));
    const std::size_t prefix = preprocess_.prefix.size();
    std::vector<float> map(window.size() * 3);
    for (std::size_t token = 0; token < window.size(); ++token) {
      const std::size_t end = bytes[token * 2 + 1];
      const bool of_text = window.sequences[token] >= 0 && (end > prefix || prefix == 0);
      map[token * 3] = of_text ? static_cast<float>(window.sequences[token]) : -1.0F;
      if (!of_text) continue;
      map[token * 3 + 1] = static_cast<float>(std::max(bytes[token * 2], prefix) - prefix);
      map[token * 3 + 2] = static_cast<float>(end - prefix);
    }
    return Tensor::of<float>({static_cast<std::int64_t>(window.size()), 3}, std::span<const float>(map));
  }

  /// What of a text no token of the window covers, at the side where it is cut.
  std::string cut_off(std::size_t field, std::string_view text, const TokenWindow& kept) const {
    std::size_t begin = std::numeric_limits<std::size_t>::max(), end = 0;
    for (std::size_t token = 0; token < kept.size(); ++token) {
      if (std::cmp_not_equal(kept.sequences[token], field)) continue;
      begin = std::min(begin, to_size(kept.offsets[token * 2]));
      end = std::max(end, to_size(kept.offsets[token * 2 + 1]));
    }
    const std::vector<std::size_t> places = code_point_begins(text);
    const std::size_t last = places.size() - 1;
    const bool left = preprocess_.truncation_side == "left";
    const std::string_view rest =
        left ? text.substr(0, places[std::min(begin, last)]) : text.substr(places[std::min(end, last)]);
    return is_blank(rest) ? "" : std::string(rest);
  }

  TextPreprocess preprocess_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  std::vector<const TokenInput*> rows_;
  std::vector<InputSpec> inputs_;
};

}  // namespace

PreprocessorPtr text_preprocessor(const TextPreprocess& preprocess, std::string_view where) {
  return std::make_shared<TextPreprocessor>(preprocess, where);
}

PreprocessorPtr text_preprocessor_from_record(const Json& record, std::string_view where) {
  return text_preprocessor(text_preprocess_from_json(record, where), where);
}

}  // namespace enxerto
