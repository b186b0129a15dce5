#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// Rows that a table of word vectors must have for the tokenizer of a text preprocessor. Throws as its tokenizer.
std::int64_t word_count(const Preprocessor& preprocessor, std::string_view where);

/// Throws Error{weights} naming `where` and both sizes where the tokenizer of a text preprocessor gives ids that a
/// network with `rows` word vectors does not have: it is another network's tokenizer. A tokenizer with fewer ids fits,
/// for tables are often made a little longer than needed; where a good many word vectors would never be used, returns a
/// sentence that says so, else "". So with the ids and types of the tokens that are put around texts; `types` are the
/// network's, 0 where it is not told any, and a pair's that do not fit are said.
std::string check_vocabulary(const Preprocessor& preprocessor, std::int64_t rows, std::string_view where,
                             std::int64_t types = 0);

}  // namespace enxerto
