#include "enxerto/media/text/translation_preprocessor.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/text/sample_sentence.h"

namespace enxerto {
namespace {

using Words = std::vector<std::int64_t>;

constexpr std::size_t kIds = 0, kMask = 1, kDecoderIds = 2, kLabels = 3;

std::string_view words_of(const Field& field, std::string_view where) {
  if (field.medium != Medium::text)
    throw data_error(std::string(where), fmt::format("a {}", medium_row(field.medium).noun), "a text");
  const std::span<const std::byte> bytes = field.bytes.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Field field_of(std::string_view text) {
  return {.medium = Medium::text,
          .bytes = Tensor::copied(DType::u8, {static_cast<std::int64_t>(text.size())}, std::as_bytes(std::span(text)))};
}

void put(InputSlots& out, std::size_t input, const Words& words) {
  const std::span<std::byte> room = out.slot(input, {static_cast<std::int64_t>(words.size())});
  std::ranges::copy(words, reinterpret_cast<std::int64_t*>(room.data()));
}

class TranslationPreprocessor final : public Preprocessor {
 public:
  TranslationPreprocessor(TranslationText text, std::int64_t max_length)
      : text_(std::move(text)),
        max_length_(max_length),
        inputs_{InputSpec{.name = "input_ids", .dtype = DType::i64, .shape = {-1}},
                InputSpec{.name = "attention_mask", .dtype = DType::i64, .shape = {-1}},
                InputSpec{.name = "decoder_input_ids",
                          .dtype = DType::i64,
                          .shape = {-1},
                          .padding = static_cast<double>(text_.end)},
                InputSpec{.name = kWrittenLabels, .dtype = DType::i64, .shape = {-1}, .padding = -1}} {}

  std::span<const InputSpec> inputs() const override { return inputs_; }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    if (view.augment != nullptr) (void)random_changes(*view.augment);
    Pair pair = numbers_of(example, view.where);
    cut(pair);
    pair.source.push_back(text_.end_of_source());
    put(out, kIds, pair.source);
    put(out, kMask, Words(pair.source.size(), 1));
    Words shifted{text_.begin};
    shifted.insert(shifted.end(), pair.target.begin(), pair.target.end());
    put(out, kDecoderIds, shifted);
    pair.target.push_back(text_.end);
    put(out, kLabels, pair.target);
    return {};
  }

  std::vector<Field> sample(std::uint64_t number) const override {
    return {field_of(sample_sentence(number)), field_of(sample_sentence(number + 1))};
  }

  Json record() const override { return to_json(text_, max_length_); }

  std::string summary() const override { return fmt::format("texts of up to {} tokens", max_length_); }

  std::optional<Transcript> transcript(std::span<const Field> example, std::string_view where) const override {
    Pair pair = numbers_of(example, where);
    Transcript transcript;
    transcript.cut = cut(pair);
    transcript.tokens = pair.source.size() + pair.target.size() + 2;
    transcript.unknown = to_size(std::ranges::count(pair.source, text_.source->unknown()) +
                                 std::ranges::count(pair.target, text_.target->unknown()));
    transcript.text = fmt::format("{} -> {}", text_.source->decode(pair.source), text_.target->decode(pair.target));
    return transcript;
  }

 private:
  struct Pair {
    Words source, target;
  };

  Pair numbers_of(std::span<const Field> example, std::string_view where) const {
    if (example.size() != 2)
      throw data_error(std::string(where), fmt::format("{} fields", example.size()), "a text and its translation");
    Pair pair{.source = text_.source->encode(words_of(example[0], where), where),
              .target = text_.target->encode(words_of(example[1], where), where)};
    if (pair.source.empty() || pair.target.empty())
      throw data_error(std::string(where), pair.source.empty() ? "an empty text" : "an empty translation",
                       "at least one word on each side");
    return pair;
  }

  /// How many tokens are too many.
  std::size_t cut(Pair& pair) const {
    std::size_t lost = 0;
    for (Words* const words : {&pair.source, &pair.target}) {
      const std::size_t most = to_size(max_length_) - 1;
      lost += words->size() - std::min(words->size(), most);
      words->resize(std::min(words->size(), most));
    }
    return lost;
  }

  TranslationText text_;
  std::int64_t max_length_;
  std::array<InputSpec, 4> inputs_;
};

}  // namespace

PreprocessorPtr translation_preprocessor(TranslationText text, std::int64_t max_length) {
  return std::make_shared<TranslationPreprocessor>(std::move(text), max_length);
}

PreprocessorPtr translation_preprocessor_from_record(const Json& record, std::string_view where) {
  RecordedTranslationText found = translation_text_from_json(record, where);
  return translation_preprocessor(std::move(found.text), found.max_length);
}

}  // namespace enxerto
