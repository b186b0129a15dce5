#pragma once
#include <string_view>

namespace enxerto {

/// What a key of a table ("data", "phase") is called today, where it is an older name; else the key itself.
std::string_view current_key(std::string_view table, std::string_view key);

/// The same of a word that stands for a value of `key`.
std::string_view current_word(std::string_view table, std::string_view key, std::string_view word);

}  // namespace enxerto
