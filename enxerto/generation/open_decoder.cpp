#include "enxerto/generation/open_decoder.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/generation/beam_search.h"
#include "enxerto/generation/generate.h"
#include "enxerto/generation/int8_weights.h"
#include "enxerto/training/available_memory.h"

namespace enxerto {
namespace {

void require_memory(const CachedNetwork& network, std::int64_t tokens, std::int64_t rows, std::uint64_t there) {
  const std::uint64_t bytes = network.bytes_kept(tokens, rows);
  if (bytes <= there) return;
  throw Error(ErrorKind::memory,
              {.where = "keys and values",
               .found = fmt::format("{} for {} of {}, and {} are available", format_bytes(bytes),
                                    counted(static_cast<std::uint64_t>(rows), "text"),
                                    counted(static_cast<std::uint64_t>(tokens), "token"), format_bytes(there)),
               .expected = "memory for all of them",
               .tip = "fewer --max-new-tokens, --samples or --beams"});
}

}  // namespace

Decoder open_decoder(const LanguageModel& model, std::span<const Prompt> prompts, const GenerationOptions& generation,
                     const DecodingOptions& options, Progress& progress) {
  std::int64_t longest = 0;
  for (const Prompt& prompt : prompts) {
    const std::int64_t length = longest_text(model, prompt.tokens.size(), generation, prompt.name);
    const std::int64_t room = length - static_cast<std::int64_t>(prompt.tokens.size());
    if (room < generation.max_new_tokens)
      progress.notice(fmt::format("{}: room for {}, then its {} positions are used up", prompt.name,
                                  counted(static_cast<std::uint64_t>(room), "token"), model.context));
    longest = std::max(longest, model.context > 0 ? std::min(length, model.context) : length);
  }
  const ExecutorOptions engine{
      .threads = options.threads,
      .streams = 1,
      .precision = options.precision == DecodingPrecision::bf16 ? Precision::bf16 : Precision::fp32};
  if (model.window) {
    WindowNetwork window = *model.window;
    require_beams(generation.beams, window.graph.outputs.front().shape.back().size);
    if (options.precision == DecodingPrecision::int8) window.graph = with_int8_weights(window.graph);
    return Decoder(window, engine);
  }
  CachedNetwork network =
      with_cache(options.precision == DecodingPrecision::int8 ? with_int8_weights(model.scores) : model.scores);
  require_beams(generation.beams, network.graph.outputs.front().shape.back().size);
  const auto prompts_together =
      static_cast<std::int64_t>(network.attends ? prompts_at_once(generation, prompts.size()) : std::size_t{1});
  require_memory(network, longest, prompts_together * std::max(generation.samples, generation.beams),
                 options.memory ? *options.memory : available_memory());
  return Decoder(std::move(network), engine);
}

}  // namespace enxerto
