#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace enxerto {

/// A made-up WAV file of `samples` samples at `rate` Hz, the same for the same number on any machine: four notes one
/// after the other, triangle waves that fade away.
std::vector<std::byte> sample_clip(std::uint64_t number, std::int64_t rate, std::int64_t samples);

}  // namespace enxerto
