#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace enxerto {

/// "312 B", "1.5 kB", "18.6 MB", "250 GB": powers of 1000, three digits at most.
std::string format_bytes(std::uint64_t bytes);

/// "999", "60,000".
std::string format_count(std::uint64_t count);

/// "1 file", "2 files", "60,000 files". `plural` is needed only where it is not `singular` with an s.
std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural = {});

/// A share as people write it: "88.0 %". More decimals where one would round up to a perfection that is not there;
/// a dash where it is not a number.
std::string percent(double share);

}  // namespace enxerto
