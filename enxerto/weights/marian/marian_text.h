#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace enxerto {

/// The settings of the network, YAML, that Marian puts beside the tensors.
inline constexpr std::string_view kMarianSettings = "special:model.yml";

inline bool is_marian_text(std::string_view name) { return name.starts_with("special:"); }

/// Up to the NUL byte behind it.
inline std::string marian_text(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return std::string(text.substr(0, text.find('\0')));
}

}  // namespace enxerto
