#pragma once
#include <string>
#include <string_view>

namespace enxerto {

/// A tokenizer.json that gives each character its number: `vocabulary` is a JSON object of characters and their
/// numbers, as textgenrnn keeps it. Number 0, which Keras keeps for padding, stands for characters that it does not
/// have. Where it has "<s>", that begins every text. Throws Error{weights} naming `where` for anything else.
std::string character_tokenizer(std::string_view vocabulary, const std::string& where);

}  // namespace enxerto
