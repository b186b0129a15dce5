#include "enxerto/zoo/text_architectures.h"

#include <algorithm>
#include <array>

#include "enxerto/zoo/gpt2.h"
#include "enxerto/zoo/marian.h"
#include "enxerto/zoo/recurrent_network.h"

namespace enxerto {
namespace {

/// ULMFiT's: the last layer is as wide as the word vectors, which score the words of a language model too.
Blueprint awd_lstm(std::int64_t words) {
  return recurrent_network({.name = "awd_lstm",
                            .vocabulary = words,
                            .embedding = 400,
                            .layers = {{.hidden = 1152}, {.hidden = 1152}, {.hidden = 400}}});
}

Blueprint small_awd_lstm(std::int64_t words) {
  return recurrent_network(
      {.name = "awd_lstm_small", .vocabulary = words, .embedding = 256, .layers = {{.hidden = 384}, {.hidden = 256}}});
}

Blueprint bidirectional(std::int64_t words) {
  return recurrent_network({.name = "bidirectional_lstm",
                            .vocabulary = words,
                            .embedding = 128,
                            .layers = {{.hidden = 128, .bidirectional = true}}});
}

constexpr std::int64_t kMicroPositions = 64;

/// nanoGPT's network for a CPU (karpathy/nanoGPT, README), which minGPT calls gpt-micro.
Blueprint micro_gpt(std::int64_t words) {
  return gpt2(
      {.name = "gpt_micro",
       .sizes = {
           .vocabulary = words, .positions = kMicroPositions, .width = 128, .depth = 4, .heads = 4, .hidden = 512}});
}

/// As deep on both sides, with a table of words for each language. `sizes` without words.
Blueprint translator(const char* name, TransformerSizes sizes, std::int64_t source_words, std::int64_t target_words) {
  sizes.vocabulary = source_words;
  return marian({.name = name,
                 .sizes = sizes,
                 .decoder_depth = sizes.depth,
                 .decoder_heads = sizes.heads,
                 .decoder_hidden = sizes.hidden,
                 .target_vocabulary = target_words,
                 .activation = BlockActivation::relu});
}

Blueprint tiny_translation(std::int64_t source_words, std::int64_t target_words) {
  return translator("translation_tiny", {.positions = 256, .width = 128, .depth = 4, .heads = 4, .hidden = 256},
                    source_words, target_words);
}

Blueprint small_translation(std::int64_t source_words, std::int64_t target_words) {
  return translator("translation_small", {.positions = 512, .width = 256, .depth = 6, .heads = 4, .hidden = 1024},
                    source_words, target_words);
}

constexpr std::array kTextArchitectures{
    TextArchitecture{"awd_lstm", "AWD-LSTM of ULMFiT, 3 layers, 20.3 M parameters plus 400 per word", "last_avg_max", 0,
                     awd_lstm},
    TextArchitecture{"awd_lstm_small", "AWD-LSTM, 2 layers, 1.6 M parameters plus 256 per word", "last_avg_max", 0,
                     small_awd_lstm},
    TextArchitecture{"bidirectional_lstm", "bidirectional LSTM, 0.3 M parameters plus 128 per word", "concat", 0,
                     bidirectional},
    TextArchitecture{"gpt_micro", "GPT of 4 blocks of width 128, 64 positions, 0.8 M parameters plus 128 per word",
                     "last", kMicroPositions, micro_gpt},
    TextArchitecture{"translation_tiny",
                     "Transformer that translates, 4 + 4 layers, 1.3 M parameters plus 128 per word of each language",
                     "every token", 0, nullptr, tiny_translation},
    TextArchitecture{"translation_small",
                     "Transformer that translates, 6 + 6 layers, 11 M parameters plus 256 per word of each language",
                     "every token", 0, nullptr, small_translation},
};

}  // namespace

std::span<const TextArchitecture> text_architectures() { return kTextArchitectures; }

const TextArchitecture* find_text_architecture(std::string_view name) {
  const auto* const row = std::ranges::find(kTextArchitectures, name, &TextArchitecture::name);
  return row == kTextArchitectures.end() ? nullptr : row;
}

}  // namespace enxerto
