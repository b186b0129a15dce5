#pragma once
#include <cstdint>

namespace enxerto {

/// What the program may use.
struct HelperLimits {
  std::uint64_t address_space = 0;  ///< bytes
  std::uint64_t cpu_seconds = 0;
};

/// Bounds memory, processor time, files and core dumps of this process. False where the system refuses.
bool limit_resources(const HelperLimits& limits);

/// From here on any system call but those for memory, for writing on standard output and for ending kills the process.
/// False where the system has no such filter.
bool filter_system_calls();

}  // namespace enxerto
