#include "enxerto/generation/options.h"

#include <cmath>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::int64_t kMostTokens = std::int64_t{1} << 20, kMostTexts = 1024;

void require(bool good, std::string_view option, double value, std::string_view expected) {
  if (!good) throw usage_error(std::string(option), fmt::format("{}", value), std::string(expected));
}

/// `given` is a value other than the usual one.
void require_effect(bool given, bool has_effect, std::string_view option, std::string_view why, std::string_view tip) {
  if (given && !has_effect)
    throw usage_error(std::string(option), std::string(why), "an option that changes the text", std::string(tip));
}

void check_ranges(const GenerationOptions& options) {
  const auto whole = [](std::int64_t value) { return static_cast<double>(value); };
  require(options.max_new_tokens >= 1 && options.max_new_tokens <= kMostTokens, "--max-new-tokens",
          whole(options.max_new_tokens), fmt::format("1 to {}", kMostTokens));
  require(options.min_new_tokens >= 0 && options.min_new_tokens <= options.max_new_tokens, "--min-new-tokens",
          whole(options.min_new_tokens), "0 to the value of --max-new-tokens");
  require(options.temperature >= 0 && std::isfinite(options.temperature), "--temperature", options.temperature,
          "0 or more");
  require(options.top_k >= 0, "--top-k", whole(options.top_k), "0 or more");
  require(options.top_p > 0 && options.top_p <= 1, "--top-p", options.top_p, "above 0, at most 1");
  require(options.min_p >= 0 && options.min_p <= 1, "--min-p", options.min_p, "0 to 1");
  require(options.repetition_penalty > 0 && std::isfinite(options.repetition_penalty), "--repetition-penalty",
          options.repetition_penalty, "above 0; above 1 against repetition");
  require(options.no_repeat_ngram >= 0, "--no-repeat-ngram", whole(options.no_repeat_ngram), "0 or more");
  require(options.samples >= 1 && options.samples <= kMostTexts, "--samples", whole(options.samples),
          fmt::format("1 to {}", kMostTexts));
  require(options.beams >= 1 && options.beams <= kMostTexts, "--beams", whole(options.beams),
          fmt::format("1 to {}", kMostTexts));
  require(std::isfinite(options.length_penalty), "--length-penalty", options.length_penalty, "a number");
  for (const std::string& text : options.stop)
    if (text.empty()) throw usage_error("--stop", "an empty text", "a text that ends the output");
}

}  // namespace

void check(const GenerationOptions& options) {
  check_ranges(options);
  const bool draws = options.temperature > 0, searches = options.beams > 1;
  constexpr std::string_view kGreedy = "no effect where the most probable token is taken each time";
  constexpr std::string_view kDraw = "give a --temperature above 0, such as 1";
  require_effect(options.top_k > 0, draws, "--top-k", kGreedy, kDraw);
  require_effect(options.top_p < 1, draws, "--top-p", kGreedy, kDraw);
  require_effect(options.min_p > 0, draws, "--min-p", kGreedy, kDraw);
  require_effect(options.seed > 0, draws, "--seed", kGreedy, kDraw);
  require_effect(options.samples > 1, draws || searches, "--samples", "all would be the same text",
                 "give a --temperature above 0, or --beams");
  require_effect(draws, !searches, "--temperature", "no effect beside --beams, which looks for one text",
                 "leave one of them out");
  require_effect(options.slide, !searches, "--slide", "beams are compared over one context", "leave one of them out");
  require_effect(options.length_penalty != 1, searches, "--length-penalty", "no effect without beams", "give --beams");
  require_effect(options.early_stopping != BeamsEnd::heuristic, searches, "--early-stopping", "no effect without beams",
                 "give --beams");
  if (searches && options.samples > options.beams)
    throw usage_error("--samples", fmt::format("{} of {} beams", options.samples, options.beams),
                      "at most as many as --beams");
}

}  // namespace enxerto
