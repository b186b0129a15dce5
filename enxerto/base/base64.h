#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// RFC 4648 base64 with padding.
std::string to_base64(std::span<const std::byte> bytes);

/// The opposite; nullopt for anything that `to_base64` does not write.
std::optional<std::vector<std::byte>> from_base64(std::string_view text);

}  // namespace enxerto
