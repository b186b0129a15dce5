#pragma once
#include <string>

#include "enxerto/download/http.h"

namespace enxerto {

/// Whether the answer is complete and what was asked for (200 or 206).
bool is_success(const HttpAnswer& answer);

/// Whether the same request may succeed later: lost connections, time-outs, 408, 429 and 5xx.
bool may_pass(const HttpAnswer& answer);

/// Throws Error{network} that says what went wrong with `address` and what to try.
[[noreturn]] void throw_http_error(const std::string& address, const HttpAnswer& answer);

}  // namespace enxerto
