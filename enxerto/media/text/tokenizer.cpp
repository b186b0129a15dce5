#include "enxerto/media/text/tokenizer.h"

#include <algorithm>
#include <map>
#include <mutex>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/require_utf8.h"
#include "enxerto/media/text/code_points.h"
#include "enxerto/media/text/load_text_module.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestFile = std::size_t{64} << 20;
constexpr std::size_t kLongestText = std::size_t{16} << 20;  // float32 numbers each of its bytes

EnxertoText as_view(std::string_view text) { return {text.data(), text.size()}; }

std::string taken(EnxertoText text) {
  std::string copy(text.data, text.size);
  text_module().text_free(text);
  return copy;
}

void require_texts(std::span<const std::string_view> texts, std::string_view where) {
  if (texts.empty() || texts.size() > 2)
    throw data_error(std::string(where), fmt::format("{} texts", texts.size()), "one or two");
  for (const std::string_view text : texts) {
    if (text.size() > kLongestText)
      throw data_error(std::string(where), fmt::format("a text of {}", format_bytes(text.size())),
                       fmt::format("at most {}", format_bytes(kLongestText)), "cut it into several texts");
    require_utf8(text, where);
  }
}

/// The library's words, but for the one thing that may be wrong with a text.
[[noreturn]] void refuse_encoding(const std::string& error, const EncodeOptions& options, std::string_view where) {
  if (error.find("too short") != std::string::npos && options.strategy != TruncationStrategy::longest_first) {
    const bool second = options.strategy == TruncationStrategy::only_second;
    throw data_error(std::string(where),
                     fmt::format("a {} text that leaves no room for the {} in {} tokens", second ? "first" : "second",
                                 second ? "second" : "first", options.max_length),
                     "a shorter one, or longer windows");
  }
  throw data_error(std::string(where), fmt::format("the tokenizer fails: {}", as_utf8(error)),
                   "a text that can be encoded");
}

std::shared_ptr<EnxertoTokenizer> opened(std::string_view json, std::string_view where) {
  if (json.size() > kLargestFile)
    throw weights_error(std::string(where), fmt::format("a tokenizer of {}", format_bytes(json.size())),
                        fmt::format("at most {}", format_bytes(kLargestFile)));
  EnxertoTokenizer* tokenizer = nullptr;
  EnxertoText error{};
  if (text_module().open(as_view(json), &tokenizer, &error) != 0)
    throw weights_error(std::string(where), fmt::format("no tokenizer: {}", as_utf8(taken(error))),
                        "a tokenizer.json as the library tokenizers writes it");
  return {tokenizer, text_module().close};
}

}  // namespace

std::string_view TokenWindow::piece(std::size_t token) const {
  const std::size_t begin = token == 0 ? 0 : piece_ends[token - 1];
  return {pieces + begin, piece_ends[token] - begin};
}

EncodedText::EncodedText(EnxertoEncoding* encoding) : encoding_(encoding, text_module().encoding_free) {}

std::size_t EncodedText::windows() const { return text_module().windows(encoding_.get()); }

TokenWindow EncodedText::window(std::size_t number) const {
  const EnxertoWindow window = text_module().window(encoding_.get(), number);
  return {.ids = {window.ids, window.count},
          .type_ids = {window.type_ids, window.count},
          .attention = {window.attention, window.count},
          .special = {window.special, window.count},
          .sequences = {window.sequences, window.count},
          .offsets = {window.offsets, window.count * 2},
          .pieces = window.pieces,
          .piece_ends = {window.piece_ends, window.count}};
}

std::vector<std::size_t> byte_offsets(const TokenWindow& window, std::span<const std::string_view> texts) {
  std::vector<std::vector<std::size_t>> begins;
  for (const std::string_view text : texts) begins.push_back(code_point_begins(text));
  std::vector<std::size_t> bytes(window.offsets.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::int32_t sequence = window.sequences[i / 2];
    if (sequence < 0) continue;
    const std::vector<std::size_t>& of_text = begins.at(to_size(sequence));
    bytes[i] = of_text[std::min(to_size(window.offsets[i]), of_text.size() - 1)];
  }
  return bytes;
}

Tokenizer::Tokenizer(std::string_view json, std::string_view where) : tokenizer_(opened(json, where)) {
  const EnxertoTokenizerFacts facts = text_module().facts(tokenizer_.get());
  pieces_ = facts.pieces;
  ids_ = facts.ids;
  added_single_ = facts.added_single;
  added_pair_ = facts.added_pair;
  if (facts.unknown >= 0) unknown_ = static_cast<std::uint32_t>(facts.unknown);
}

EncodedText Tokenizer::encode(std::span<const std::string_view> texts, const EncodeOptions& options,
                              std::string_view where) const {
  require_texts(texts, where);
  if (options.max_length > 0) {
    const std::size_t special = options.template_tokens ? template_tokens(texts.size() > 1) : 0;
    if (options.max_length <= special + options.stride)
      throw data_error(std::string(where),
                       fmt::format("windows of {} tokens, {} of them shared, {} of the template", options.max_length,
                                   options.stride, special),
                       "room for text in each", "make windows longer, or share fewer tokens");
  }
  std::array<EnxertoText, 2> views{};
  for (std::size_t i = 0; i < texts.size(); ++i) views.at(i) = as_view(texts[i]);
  EnxertoEncoding* encoding = nullptr;
  EnxertoText error{};
  const EnxertoTruncation truncation{.max_length = options.max_length,
                                     .stride = options.stride,
                                     .strategy = static_cast<std::int32_t>(options.strategy),
                                     .left = options.from_left ? 1 : 0,
                                     .add_special = options.template_tokens ? 1 : 0};
  if (text_module().encode(tokenizer_.get(), views.data(), texts.size(), truncation, &encoding, &error) != 0)
    refuse_encoding(taken(error), options, where);
  return EncodedText(encoding);
}

std::string Tokenizer::decode(std::span<const std::uint32_t> ids, bool skip_special) const {
  EnxertoText text{}, error{};
  if (text_module().decode(tokenizer_.get(), ids.data(), ids.size(), skip_special ? 1 : 0, &text, &error) != 0)
    throw data_error("token ids", fmt::format("cannot be decoded: {}", as_utf8(taken(error))), "ids of a text");
  return taken(text);
}

std::optional<std::uint32_t> Tokenizer::id_of(std::string_view piece) const {
  const std::int64_t id = text_module().id(tokenizer_.get(), as_view(piece));
  if (id < 0) return std::nullopt;
  return static_cast<std::uint32_t>(id);
}

std::optional<std::string> Tokenizer::piece_of(std::uint32_t id) const {
  EnxertoText text{};
  if (text_module().piece(tokenizer_.get(), id, &text) != 0) return std::nullopt;
  return taken(text);
}

std::shared_ptr<const Tokenizer> shared_tokenizer(std::string_view json, std::string_view where) {
  static std::mutex mutex;
  static std::map<Hash128, std::weak_ptr<const Tokenizer>> known;
  const Hash128 key = hash128(json);
  const std::lock_guard lock(mutex);
  std::weak_ptr<const Tokenizer>& place = known[key];
  std::shared_ptr<const Tokenizer> tokenizer = place.lock();
  if (!tokenizer) place = tokenizer = std::make_shared<const Tokenizer>(json, where);
  return tokenizer;
}

}  // namespace enxerto
