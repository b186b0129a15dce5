#pragma once
#include <map>
#include <string>
#include <string_view>

#include "enxerto/files/json.h"

namespace enxerto {

/// A conversation as a network has learned to read it: the template, Jinja of a tokenizer_config.json, filled in as
/// transformers' `apply_chat_template` does, with the beginning of an answer behind it. `messages` is a list of objects
/// with "role" and "content", `special` the special tokens that it may name. Throws Error{weights} naming `where` for a
/// template that fails, with its own words.
std::string fill_chat_template(const std::string& jinja, const Json& messages,
                               const std::map<std::string, std::string>& special, std::string_view where);

}  // namespace enxerto
