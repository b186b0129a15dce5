#include "enxerto/media/text/vocabulary_fit.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/media/text/tokenizer.h"

namespace enxerto {
namespace {

/// Of the word vectors. Tables are filled up to multiples of 64 or 128, or by a thousand rows of which 2 % stay unused
/// (Phi); the vocabularies of BERT with and without capitals differ by 5 %.
constexpr double kUsedShare = 0.97;

/// The largest id and type among the tokens of one text, or of two, as they are put together.
struct Largest {
  std::uint64_t id = 0, type = 0;
};
Largest largest_of(const Tokenizer& tokenizer, std::size_t texts) {
  constexpr std::array<std::string_view, 2> kTexts{"a", "a"};
  Largest largest;
  try {
    const EncodedText encoded = tokenizer.encode(std::span(kTexts).first(texts), {}, "a text");
    const TokenWindow window = encoded.window(0);
    for (const std::uint32_t id : window.ids) largest.id = std::max<std::uint64_t>(largest.id, id);
    for (const std::uint32_t type : window.type_ids) largest.type = std::max<std::uint64_t>(largest.type, type);
  } catch (const Error&) {
    return {};  // a text that cannot be encoded is refused where it is read
  }
  return largest;
}

[[noreturn]] void refuse_fit(std::string_view where, std::string found) {
  throw weights_error(std::string(where), std::move(found), "the tokenizer that the network was trained with",
                      "copy both from the same place");
}

/// Returns what does not fit of pairs.
std::string check_template(const Tokenizer& tokenizer, std::uint64_t rows, std::uint64_t types,
                           std::string_view where) {
  const Largest single = largest_of(tokenizer, 1), pair = largest_of(tokenizer, 2);
  if (const std::uint64_t id = std::max(single.id, pair.id); id >= rows)
    refuse_fit(where, fmt::format("a tokenizer that puts the id {} around texts next to a network with {} word vectors",
                                  format_count(id), format_count(rows)));
  if (types == 0) return "";
  if (single.type >= types)
    refuse_fit(where, fmt::format("a tokenizer that gives tokens the type {} next to a network with {}", single.type,
                                  counted(types, "token type")));
  if (pair.type < types) return "";
  return fmt::format("no pairs of texts for this network: its tokenizer gives them the type {}, it has {}", pair.type,
                     counted(types, "token type"));
}

}  // namespace

std::int64_t word_count(const Preprocessor& preprocessor, std::string_view where) {
  const Json record = preprocessor.record();
  return static_cast<std::int64_t>(
      shared_tokenizer(record["tokenizer"].get_ref<const std::string&>(), where)->id_limit());
}

std::string check_vocabulary(const Preprocessor& preprocessor, std::int64_t rows, std::string_view where,
                             std::int64_t types) {
  const Json record = preprocessor.record();
  if (record.value("kind", "") != "text") return "";
  const auto tokenizer = shared_tokenizer(record["tokenizer"].get_ref<const std::string&>(), where);
  const std::size_t ids = tokenizer->id_limit();
  const auto count = static_cast<std::uint64_t>(rows);
  if (ids > count)
    refuse_fit(where, fmt::format("a tokenizer with {} ids next to a network with {} word vectors", format_count(ids),
                                  format_count(count)));
  if (std::string pairs = check_template(*tokenizer, count, static_cast<std::uint64_t>(types), where); !pairs.empty())
    return pairs;
  if (static_cast<double>(ids) >= kUsedShare * static_cast<double>(count)) return "";
  return fmt::format(
      "its tokenizer has {} ids, the network {} word vectors: if answers are poor, see whether the tokenizer is its "
      "own",
      format_count(ids), format_count(count));
}

}  // namespace enxerto
