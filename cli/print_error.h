#pragma once
#include "enxerto/base/error.h"

namespace enxerto::cli {

/// On standard error what is wrong, what was expected and what to try, a line each; with `json` an object on standard
/// output too: {"schema_version", "error": {"kind", "where", "message", "found", "expected", "try", "exit_code"}}, of
/// which "where", "expected" and "try" may be missing.
void print_error(const Error& error, int exit_code, bool json);

}  // namespace enxerto::cli
