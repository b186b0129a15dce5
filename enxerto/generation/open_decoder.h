#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "enxerto/base/progress.h"
#include "enxerto/base/words.h"
#include "enxerto/generation/decoder.h"
#include "enxerto/generation/language_model.h"
#include "enxerto/generation/options.h"
#include "enxerto/generation/prompts.h"

namespace enxerto {

enum class DecodingPrecision {
  fp32,
  bf16,  ///< weights, arithmetic and what is kept
  int8,  ///< weights of dense layers, a scale a row; arithmetic in fp32
};
template <>
inline constexpr std::array<std::string_view, 3> kWords<DecodingPrecision>{"fp32", "bf16", "int8"};

struct DecodingOptions {
  int threads = 0;  ///< 0: `usable_cores()`
  DecodingPrecision precision = DecodingPrecision::fp32;
  std::optional<std::uint64_t> memory = {};  ///< bytes that may be kept of texts; none: what is available
};

/// The network ready to continue these prompts. Says what it does not have room for. Throws Error{data} for a prompt
/// that is longer than its context, Error{memory} where what it has to keep does not fit into memory, naming the bytes,
/// and as `with_cache` and `compile_stateful`.
Decoder open_decoder(const LanguageModel& model, std::span<const Prompt> prompts, const GenerationOptions& generation,
                     const DecodingOptions& options, Progress& progress);

}  // namespace enxerto
