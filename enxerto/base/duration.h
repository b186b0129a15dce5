#pragma once
#include <string>
#include <string_view>

namespace enxerto {

/// Seconds of "90s", "20m", "1h30m", "1.5h": numbers above 0 with s, m or h, the larger unit first. Throws Error{usage}
/// naming `where`.
double seconds_of(std::string_view duration, std::string_view where);

/// "45 s", "20 min", "1 h 30 min": to the second below two minutes, else to the minute.
std::string duration_text(double seconds);

}  // namespace enxerto
