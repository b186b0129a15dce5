#include "enxerto/media/text/vocabulary_fit.h"

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

}  // namespace

std::int64_t word_count(const Preprocessor& preprocessor, std::string_view where) {
  const Json record = preprocessor.record();
  return static_cast<std::int64_t>(
      shared_tokenizer(record["tokenizer"].get_ref<const std::string&>(), where)->id_limit());
}

std::string check_vocabulary(const Preprocessor& preprocessor, std::int64_t rows, std::string_view where) {
  const Json record = preprocessor.record();
  if (record.value("kind", "") != "text") return "";
  const std::size_t ids = shared_tokenizer(record["tokenizer"].get_ref<const std::string&>(), where)->id_limit();
  const auto count = static_cast<std::uint64_t>(rows);
  if (ids > count)
    throw weights_error(std::string(where),
                        fmt::format("a tokenizer with {} ids next to a network with {} word vectors", format_count(ids),
                                    format_count(count)),
                        "the tokenizer that the network was trained with", "copy both from the same place");
  if (static_cast<double>(ids) >= kUsedShare * static_cast<double>(count)) return "";
  return fmt::format(
      "its tokenizer has {} ids, the network {} word vectors: if answers are poor, see whether the tokenizer is its "
      "own",
      format_count(ids), format_count(count));
}

}  // namespace enxerto
