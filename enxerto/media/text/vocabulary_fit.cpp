#include "enxerto/media/text/vocabulary_fit.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/media/text/tokenizer.h"

namespace enxerto {

void require_vocabulary(const Preprocessor& preprocessor, std::int64_t rows, std::string_view where) {
  const Json record = preprocessor.record();
  if (record.value("kind", "") != "text") return;
  const auto tokenizer = shared_tokenizer(record["tokenizer"].get_ref<const std::string&>(), where);
  if (std::cmp_less_equal(tokenizer->id_limit(), rows)) return;
  throw weights_error(std::string(where),
                      fmt::format("a tokenizer with {} ids next to a network with {} word vectors",
                                  format_count(tokenizer->id_limit()), format_count(static_cast<std::uint64_t>(rows))),
                      "the tokenizer that the network was trained with", "copy both from the same place");
}

}  // namespace enxerto
