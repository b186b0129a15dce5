#pragma once
#include <string>
#include <string_view>

namespace enxerto {

/// A cell in quotes, those in it doubled (RFC 4180).
std::string csv_quoted(std::string_view cell);

/// The same where it has commas, quotes or ends of lines; else as it is.
std::string csv_field(std::string_view cell);

}  // namespace enxerto
