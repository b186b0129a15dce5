#include "enxerto/media/text/translation_text.h"

#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/media/record_reader.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 10> kNames{"source",     "target",    "begin", "end",        "source_end",
                                                  "max_length", "positions", "never", "forced_end", "beams"};
constexpr std::int64_t kMostBeams = 64;

void require(bool right, std::string_view where, std::string_view key, std::int64_t found, std::string expected) {
  if (!right) throw data_error(fmt::format("{}: {}", where, key), fmt::format("{}", found), std::move(expected));
}

std::shared_ptr<const NumberedPieces> pieces_in(const Json& record, std::string_view key, std::string_view where) {
  const Json part = member<Json>(record, key, where);
  return std::make_shared<const NumberedPieces>(NumberedPieces::from_record(part, fmt::format("{}: {}", where, key)));
}

}  // namespace

Json to_json(const TranslationText& text, std::int64_t max_length) {
  Json record{
      {"kind", "translation"},    {"source", text.source->record()}, {"begin", text.begin}, {"end", text.end},
      {"max_length", max_length}, {"positions", text.longest},       {"never", text.never}, {"beams", text.beams}};
  if (text.target != text.source) record["target"] = text.target->record();
  if (text.source_end) record["source_end"] = *text.source_end;
  if (text.forced_end) record["forced_end"] = *text.forced_end;
  return record;
}

RecordedTranslationText translation_text_from_json(const Json& record, std::string_view where) {
  (void)RecordReader(record, kNames, where);
  RecordedTranslationText found;
  TranslationText& text = found.text;
  text.source = pieces_in(record, "source", where);
  text.target = record.contains("target") ? pieces_in(record, "target", where) : text.source;
  text.begin = member<std::int64_t>(record, "begin", where);
  text.end = member<std::int64_t>(record, "end", where);
  text.longest = member<std::int64_t>(record, "positions", where);
  found.max_length = member<std::int64_t>(record, "max_length", where);
  text.never = member<std::vector<std::int64_t>>(record, "never", where);
  text.beams = member<std::int64_t>(record, "beams", where);
  if (record.contains("source_end")) text.source_end = member<std::int64_t>(record, "source_end", where);
  if (record.contains("forced_end")) text.forced_end = member<std::int64_t>(record, "forced_end", where);
  constexpr std::int64_t kLongest = std::int64_t{1} << 20;
  require(text.longest >= 2 && text.longest <= kLongest, where, "positions", text.longest,
          fmt::format("2 to {}", kLongest));
  require(found.max_length >= 2 && found.max_length <= text.longest, where, "max_length", found.max_length,
          fmt::format("2 to {}, the tokens that the network reads", text.longest));
  require(text.beams >= 1 && text.beams <= kMostBeams, where, "beams", text.beams, fmt::format("1 to {}", kMostBeams));
  const auto words = static_cast<std::int64_t>(text.target->limit());
  require(text.begin >= -1, where, "begin", text.begin, "a word, or -1: none");
  require(text.end >= 0 && text.end < words, where, "end", text.end, fmt::format("0 to {}", words - 1));
  for (const std::int64_t word : text.never) require(word >= 0, where, "never", word, "words");
  return found;
}

}  // namespace enxerto
