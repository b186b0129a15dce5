#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "enxerto/base/quantity.h"

namespace enxerto {

/// A number in any unit, four digits: "0.1234", "12.34", "312,345", "1.234e-05"; a dash where it is not a number.
std::string measure(double value);

/// "0.42 s", "12.3 s", "3 min 12 s", "1 h 05 min".
std::string duration(double seconds);

/// Text for HTML, attribute values in quotes included: `& < > " '` become references, control characters visible ones.
std::string escape_html(std::string_view text);

/// HTML in which the sign of a share stays on the line of its number: "98.3&nbsp;%".
std::string with_kept_shares(std::string html);

/// Text for one line of Markdown, table cells included.
std::string escape_markdown(std::string_view text);

}  // namespace enxerto
