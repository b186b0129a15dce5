#pragma once
#include <cstdint>
#include <filesystem>

namespace enxerto {

/// Where Linux says how much memory there is; a test has its own.
struct MemoryPlaces {
  std::filesystem::path proc = "/proc";
  std::filesystem::path cgroup = "/sys/fs/cgroup";
};

/// Bytes that this process can still get: what the system has available (MemAvailable), or less where a control group
/// (version 1 or 2, its own or one above it) limits it; its file pages count as available. 2^64 - 1 where nothing is
/// known.
std::uint64_t available_memory(const MemoryPlaces& places = {});

}  // namespace enxerto
