#include "enxerto/media/audio/transcription_text.h"

#include <array>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/media/record_reader.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 8> kMembers{"rate",  "samples",     "prompt",  "end",
                                                   "never", "never_first", "longest", "tokenizer"};

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
  const RecordReader reader(record, kMembers, where);
  constexpr std::int64_t kMostRate = 192'000, kMostSeconds = 600, kMostTokens = std::int64_t{1} << 20;
  TranscriptionText text;
  text.rate = reader.whole("rate", 1'000, kMostRate);
  text.samples = reader.whole("samples", 2, text.rate * kMostSeconds);
  text.tokenizer_json = member<std::string>(record, "tokenizer", where);
  text.tokenizer = shared_tokenizer(text.tokenizer_json, fmt::format("{}: tokenizer", where));
  // A network may score more tokens than its tokenizer has: those of times.
  text.prompt = tokens_called(record, "prompt", kMostTokens, where);
  text.end = reader.whole("end", 0, kMostTokens);
  text.never = tokens_called(record, "never", kMostTokens, where);
  text.never_first = tokens_called(record, "never_first", kMostTokens, where);
  text.longest = reader.whole("longest", 2, kMostTokens);
  if (text.prompt.empty() || std::ssize(text.prompt) >= text.longest)
    throw data_error(fmt::format("{}: prompt", where), fmt::format("{} tokens", text.prompt.size()),
                     fmt::format("1 to {}", text.longest - 1));
  return text;
}

}  // namespace enxerto
