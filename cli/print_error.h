#pragma once
#include <string_view>

#include "enxerto/base/error.h"

namespace enxerto::cli {

/// "usage", "data", ..: what the exit code stands for, as a word.
std::string_view word_of(ErrorKind kind);

/// On standard error what is wrong, what was expected and what to try, a line each; with `json` an object on standard
/// output too: {"schema_version", "error": {"kind", "where", "message", "found", "expected", "try", "exit_code"}}, of
/// which "where", "expected" and "try" may be missing.
void print_error(const Error& error, int exit_code, bool json);

}  // namespace enxerto::cli
