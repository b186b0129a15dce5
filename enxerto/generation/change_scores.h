#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "enxerto/generation/options.h"

namespace enxerto {

/// What scores are of.
struct TextSoFar {
  std::span<const std::int64_t> tokens;      ///< the prompt's, and those behind it
  std::size_t prompt = 0;                    ///< how many are the prompt's
  std::span<const std::int64_t> ends;        ///< tokens that end a text
  std::span<const std::int64_t> never = {};  ///< tokens that may not come
  std::optional<std::int64_t> forced = {};   ///< the one that must
};

/// What transformers' `generate` does to the scores of the next token, in its order: repetition penalty (Keskar et al.
/// 2019, arXiv:1909.05858), no repeated n-grams, forbidden words, least length, a forced word; and, where tokens are
/// drawn, temperature, top-k, top-p (Holtzman et al. 2020, arXiv:1904.09751), min-p (Nguyen et al. 2024,
/// arXiv:2407.01082). A token that may not come has minus infinity.
void change_scores(std::span<float> scores, const GenerationOptions& options, const TextSoFar& text);

/// exp(score - largest) / sum, in double.
std::vector<double> probabilities_of(std::span<const float> scores);

}  // namespace enxerto
