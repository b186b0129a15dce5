#include "enxerto/media/audio/transcription_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/utf8.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 9> kMembers{"kind",  "rate",        "samples", "prompt",   "end",
                                                   "never", "never_first", "longest", "tokenizer"};

/// The whole number called `key`, from `low` to `high`.
std::int64_t number_in(const Json& record, std::string_view key, std::int64_t low, std::int64_t high,
                       std::string_view where) {
  const auto number = member<std::int64_t>(record, key, where);
  if (number < low || number > high)
    throw data_error(fmt::format("{}: {}", where, key), fmt::format("{}", number), fmt::format("{} to {}", low, high));
  return number;
}

std::vector<std::int64_t> tokens_called(const Json& record, std::string_view key, std::int64_t limit,
                                        std::string_view where) {
  auto tokens = member<std::vector<std::int64_t>>(record, key, where);
  for (const std::int64_t token : tokens)
    if (token < 0 || token >= limit)
      throw data_error(fmt::format("{}: {}", where, key), fmt::format("{}", token),
                       fmt::format("tokens from 0 to {}", limit - 1));
  return tokens;
}

}  // namespace

Json to_json(const TranscriptionText& text) {
  return {{"kind", "whisper"},
          {"rate", text.rate},
          {"samples", text.samples},
          {"prompt", text.prompt},
          {"end", text.end},
          {"never", text.never},
          {"never_first", text.never_first},
          {"longest", text.longest},
          {"tokenizer", text.tokenizer_json}};
}

TranscriptionText transcription_text_from_json(const Json& record, std::string_view where) {
  const std::vector<std::string> names(kMembers.begin() + 1, kMembers.end());
  for (const auto& [key, value] : record.items())
    if (std::ranges::find(kMembers, key) == kMembers.end())
      throw data_error(fmt::format("{}: {}", where, as_utf8(key)),
                       fmt::format("not a member of such a record{}", did_you_mean(key, names)),
                       fmt::format("{}", fmt::join(names, ", ")));
  constexpr std::int64_t kMostRate = 192'000, kMostSeconds = 600, kMostTokens = std::int64_t{1} << 20;
  TranscriptionText text;
  text.rate = number_in(record, "rate", 1'000, kMostRate, where);
  text.samples = number_in(record, "samples", 2, text.rate * kMostSeconds, where);
  text.tokenizer_json = member<std::string>(record, "tokenizer", where);
  text.tokenizer = shared_tokenizer(text.tokenizer_json, fmt::format("{}: tokenizer", where));
  // A network may score more tokens than its tokenizer has: those of times.
  text.prompt = tokens_called(record, "prompt", kMostTokens, where);
  text.end = number_in(record, "end", 0, kMostTokens, where);
  text.never = tokens_called(record, "never", kMostTokens, where);
  text.never_first = tokens_called(record, "never_first", kMostTokens, where);
  text.longest = number_in(record, "longest", 2, kMostTokens, where);
  if (text.prompt.empty() || std::ssize(text.prompt) >= text.longest)
    throw data_error(fmt::format("{}: prompt", where), fmt::format("{} tokens", text.prompt.size()),
                     fmt::format("1 to {}", text.longest - 1));
  return text;
}

}  // namespace enxerto
