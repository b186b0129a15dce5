#pragma once
#include <string_view>

#include "enxerto/media/text/text_preprocessor.h"

namespace enxerto {

/// The record of `text_preprocessor`, without the members that are as in `TextPreprocess`.
Json to_json(const TextPreprocess& preprocess);

/// The opposite. Throws Error{data} naming `where` and the member that is missing, unknown or of another type.
TextPreprocess text_preprocess_from_json(const Json& record, std::string_view where);

/// Throws Error{data} naming `where` for a member out of its range, or that does not fit the tokenizer.
void check(const TextPreprocess& preprocess, const Tokenizer& tokenizer, std::string_view where);

}  // namespace enxerto
