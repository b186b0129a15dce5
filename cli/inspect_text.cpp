#include "inspect_text.h"

#include <algorithm>
#include <string_view>

#include <fmt/core.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/text/text_record.h"
#include "text.h"

namespace enxerto::cli {
namespace {

TextPreprocess preprocess_of(const Preprocessor& preprocessor) {
  Json record = preprocessor.record();
  if (record.value("kind", "") != "text")
    throw usage_error("--text", fmt::format("a network whose input is {}", preprocessor.summary()),
                      "one that reads texts");
  record.erase("kind");
  return text_preprocess_from_json(record, "the network's preprocessing");
}

std::string pair_of(std::size_t begin, std::size_t end) { return fmt::format("{}-{}", begin, end); }

Json print_window(const Session& session, const TokenWindow& window, std::span<const std::string_view> texts) {
  const std::vector<std::size_t> bytes = byte_offsets(window, texts);
  std::vector<std::vector<std::string>> rows{
      {"token", "id", "type", "mask", "special", "text", "characters", "bytes", "written"}};
  Json tokens = Json::array();
  for (std::size_t i = 0; i < window.size(); ++i) {
    const bool of_text = window.sequences[i] >= 0;
    const std::string_view text = of_text ? texts[to_size(window.sequences[i])] : std::string_view();
    const std::string written(text.substr(bytes[i * 2], bytes[i * 2 + 1] - bytes[i * 2]));
    tokens.push_back({{"piece", window.piece(i)},
                      {"id", window.ids[i]},
                      {"type", window.type_ids[i]},
                      {"mask", window.attention[i]},
                      {"special", window.special[i]},
                      {"text", window.sequences[i]},
                      {"characters", {window.offsets[i * 2], window.offsets[i * 2 + 1]}},
                      {"bytes", {bytes[i * 2], bytes[i * 2 + 1]}}});
    rows.push_back({std::string(window.piece(i)), fmt::format("{}", window.ids[i]),
                    fmt::format("{}", window.type_ids[i]), fmt::format("{}", window.attention[i]),
                    fmt::format("{}", window.special[i]), of_text ? fmt::format("{}", window.sequences[i]) : "-",
                    of_text ? pair_of(window.offsets[i * 2], window.offsets[i * 2 + 1]) : "-",
                    of_text ? pair_of(bytes[i * 2], bytes[i * 2 + 1]) : "-", Json(written).dump()});
  }
  if (!session.json) fmt::print("{}", table(rows));
  return tokens;
}

}  // namespace

Json inspect_text(const Session& session, const Preprocessor& preprocessor, const std::vector<std::string>& given) {
  const TextPreprocess preprocess = preprocess_of(preprocessor);
  const auto tokenizer = shared_tokenizer(preprocess.tokenizer, "the network's tokenizer");
  std::vector<std::string> written;
  for (const std::string& text : given) written.push_back(preprocess.prefix + text);
  const std::vector<std::string_view> texts(written.begin(), written.end());
  const EncodeOptions whole{.strategy = preprocess.truncation, .from_left = preprocess.truncation_side == "left"};
  EncodeOptions options = whole;
  options.max_length = to_size(preprocess.max_length);
  const std::size_t all = tokenizer->encode(texts, whole, "--text").window(0).size();
  const EncodedText encoded = tokenizer->encode(texts, options, "--text");
  const TokenWindow window = encoded.window(0);
  Json json{{"tokens", print_window(session, window, texts)},
            {"decoded", tokenizer->decode(window.ids, false)},
            {"cut", all - window.size()},
            {"vocabulary", tokenizer->vocabulary_size()},
            {"preprocess", preprocessor.summary()}};
  if (session.json) return json;
  fmt::print("{}, {}; vocabulary of {} tokens\n", counted(window.size(), "token"), preprocessor.summary(),
             format_count(tokenizer->vocabulary_size()));
  if (all > window.size()) fmt::print("{} cut off\n", counted(all - window.size(), "token"));
  return json;
}

}  // namespace enxerto::cli
