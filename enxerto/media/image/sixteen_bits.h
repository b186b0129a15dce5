#pragma once
#include <cstddef>
#include <span>
#include <string>

namespace enxerto {

/// True for a PNG or TIFF file whose samples have 16 bits, seen from its header. Never throws.
bool has_16_bits(std::span<const std::byte> file);

/// "at most 4095 of 65535" for such a file whose largest sample is less than a quarter of what 16 bits hold; "" for any
/// other. Throws as `decode_image`.
std::string few_of_16_bits(std::span<const std::byte> file);

}  // namespace enxerto
