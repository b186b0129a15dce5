#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/generation/decoder.h"
#include "enxerto/generation/language_model.h"
#include "enxerto/generation/options.h"

namespace enxerto {

/// Why a text goes no further.
enum class EndReason {
  end_token,
  stop_text,
  max_new_tokens,
  context,  ///< the network has no further positions
};
template <>
inline constexpr std::array<std::string_view, 4> kWords<EndReason>{"end", "stop", "max_new_tokens", "context"};

/// A text behind a prompt.
struct GeneratedText {
  std::vector<std::int64_t> tokens;  ///< all that were chosen, the one that ended it among them
  std::string text;                  ///< whole characters, up to the stop text
  EndReason reason = EndReason::max_new_tokens;
  std::string stop = {};  ///< the stop text that ended it
  double score = 0;       ///< with beams: its log-probability over its length to the power of the length penalty
};

/// What is continued, and how.
struct GenerationRequest {
  std::span<const std::int64_t> prompt;
  std::size_t number = 0;  ///< of the prompt: others have other random numbers
  const GenerationOptions& options;
  /// Gets what one text is longer by, in whole characters, as soon as it cannot be the beginning of a stop text. Not
  /// called with beams, nor for several samples.
  std::function<void(std::string_view)> written = {};
};

/// `options.samples` texts behind the prompt. The most probable token each time, tokens that are drawn, or a search
/// with beams as transformers' `generate` does it. Reproducible: random numbers depend on (seed, prompt, sample,
/// token). Throws Error{data} for a prompt that is longer than the context, and Error{interrupted}.
std::vector<GeneratedText> generate(const LanguageModel& model, Decoder& decoder, const GenerationRequest& request,
                                    Progress& progress = no_progress());

/// The same of several prompts with the same options, side by side where the network attends: some are read and
/// continued at a time, filled up in front to one length. With beams, `slide` and recurrent networks one after the
/// other. Texts are as alone but where two tokens are equally probable up to rounding.
std::vector<std::vector<GeneratedText>> generate_all(const LanguageModel& model, Decoder& decoder,
                                                     std::span<const GenerationRequest> requests,
                                                     Progress& progress = no_progress());

/// Prompts that `generate_all` takes at a time, of such a number.
std::size_t prompts_at_once(const GenerationOptions& options, std::size_t prompts);

/// Tokens that a text of such a prompt may have at most, the prompt's among them. Throws Error{data} where the context
/// has no room for one.
std::int64_t longest_text(const LanguageModel& model, std::size_t prompt, const GenerationOptions& options,
                          std::string_view where);

}  // namespace enxerto
