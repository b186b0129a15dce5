#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace enxerto {

/// The words that people write for the values of an enumeration that counts from 0, in its order. An enumeration that
/// can be asked for specialises this beside its declaration.
template <typename Enum>
inline constexpr std::array<std::string_view, 0> kWords{};

/// The word of a value: "bf16".
template <typename Enum>
constexpr std::string_view word_of(Enum value) {
  return kWords<Enum>.at(static_cast<std::size_t>(value));
}

/// The value of a word; nullopt where it is none.
template <typename Enum>
constexpr std::optional<Enum> from_word(std::string_view word) {
  for (std::size_t i = 0; i < kWords<Enum>.size(); ++i) {
    if (kWords<Enum>[i] == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace enxerto
