#include "enxerto/media/audio/whisper_preprocessor.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/audio/clip_field.h"
#include "enxerto/media/text/sample_sentence.h"
#include "enxerto/media/text/translation_preprocessor.h"

namespace enxerto {
namespace {

using Tokens = std::vector<std::int64_t>;

constexpr std::size_t kHeard = 0, kReadTokens = 1, kWrittenTokens = 2;

std::string_view spoken_in(const Field& field) {
  const std::span<const std::byte> bytes = field.bytes.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void put_tokens(InputSlots& out, std::size_t input, std::span<const std::int64_t> tokens) {
  const std::span<std::byte> room = out.slot(input, {std::ssize(tokens)});
  std::ranges::copy(tokens, reinterpret_cast<std::int64_t*>(room.data()));
}

class WhisperPreprocessor final : public Preprocessor {
 public:
  explicit WhisperPreprocessor(TranscriptionText text)
      : text_(std::move(text)),
        inputs_{InputSpec{.name = "samples", .dtype = DType::f32, .shape = {text_.samples}},
                InputSpec{.name = "decoder_input_ids",
                          .dtype = DType::i64,
                          .shape = {-1},
                          .padding = static_cast<double>(text_.end)},
                InputSpec{.name = kWrittenLabels, .dtype = DType::i64, .shape = {-1}, .padding = -1}} {}

  std::span<const InputSpec> inputs() const override { return inputs_; }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    if (view.augment != nullptr) (void)random_changes(*view.augment);
    const Tokens words = words_of(example, view.where);
    const std::vector<float> heard = heard_in(example, view.where);
    auto* const to = reinterpret_cast<float*>(out.slot(kHeard, {text_.samples}).data());
    std::fill(std::ranges::copy(heard, to).out, to + text_.samples, 0.0F);
    Tokens tokens = text_.prompt;
    tokens.insert(tokens.end(), words.begin(), words.end());
    put_tokens(out, kReadTokens, tokens);
    tokens.push_back(text_.end);
    put_tokens(out, kWrittenTokens, std::span(tokens).subspan(1));
    return {};
  }

  /// Of a sentence as many words as the network writes.
  std::vector<Field> sample(std::uint64_t number) const override {
    std::string words = sample_sentence(number);
    while (std::ssize(tokens_of(words, "sample")) > most_words() && words.size() > 1) words.resize(words.size() / 2);
    return {sample_clip_field(number, text_.rate, std::min(text_.samples, text_.rate * 2)),
            {.medium = Medium::text,
             .bytes = Tensor::copied(DType::u8, {std::ssize(words)}, std::as_bytes(std::span(words)))}};
  }

  Json record() const override { return to_json(text_); }

  std::optional<Preview> preview(std::span<const Field> example, const View& view, int side) const override {
    return preview_of_sound(heard_in(example, view.where), text_.rate, side);
  }

  std::string summary() const override {
    return fmt::format("up to {:g} s at {} Hz, transcripts of up to {} tokens", seconds(text_.samples), text_.rate,
                       most_words());
  }

 private:
  double seconds(std::int64_t samples) const { return static_cast<double>(samples) / static_cast<double>(text_.rate); }

  /// Beside the prompt; the end is read by nobody.
  std::int64_t most_words() const { return text_.longest - std::ssize(text_.prompt); }

  std::vector<float> heard_in(std::span<const Field> example, std::string_view where) const {
    if (example.empty() || example[0].medium != Medium::audio)
      throw data_error(std::string(where),
                       example.empty() ? "no fields" : fmt::format("a {}", medium_row(example[0].medium).noun),
                       "a recording");
    std::vector<float> heard = resampled(decode_clip(example[0].bytes.bytes(), where), text_.rate);
    if (std::ssize(heard) > text_.samples)
      throw data_error(std::string(where), fmt::format("a recording of {:.1f} s", seconds(std::ssize(heard))),
                       fmt::format("at most the {:g} s that the network hears at once", seconds(text_.samples)),
                       "cut it where nobody speaks, and its transcript with it");
    return heard;
  }

  Tokens tokens_of(std::string_view text, std::string_view where) const {
    const std::array<std::string_view, 1> texts{text};
    const EncodedText encoded = text_.tokenizer->encode(texts, {.template_tokens = false}, where);
    const TokenWindow window = encoded.window(0);
    return {window.ids.begin(), window.ids.end()};
  }

  Tokens words_of(std::span<const Field> example, std::string_view where) const {
    if (example.size() != 2 || example[1].medium != Medium::text)
      throw data_error(std::string(where), fmt::format("{} fields", example.size()),
                       "a recording and what is said in it");
    Tokens words = tokens_of(spoken_in(example[1]), where);
    if (words.empty() && spoken_in(example[1]).find_first_not_of(" \t\r\n") == std::string_view::npos)
      throw data_error(std::string(where), "an empty transcript", "what is said in the recording");
    if (std::ssize(words) > most_words())
      throw data_error(std::string(where), fmt::format("a transcript of {} tokens", words.size()),
                       fmt::format("at most the {} that the network writes", most_words()),
                       "cut recording and transcript where nobody speaks");
    return words;
  }

  TranscriptionText text_;
  std::array<InputSpec, 3> inputs_;
};

}  // namespace

PreprocessorPtr whisper_preprocessor(TranscriptionText text) {
  return std::make_shared<WhisperPreprocessor>(std::move(text));
}

PreprocessorPtr whisper_preprocessor_from_record(const Json& record, std::string_view where) {
  return whisper_preprocessor(transcription_text_from_json(record, where));
}

}  // namespace enxerto
