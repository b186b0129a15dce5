#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace enxerto {

/// Where a text ends before one of others.
struct StopPlace {
  std::size_t begin = 0;  ///< of the stop text, bytes
  std::string stop;
};

/// The first place of any of `stops` in `text` that ends behind byte `known`, up to which there is none.
std::optional<StopPlace> find_stop(std::string_view text, std::span<const std::string> stops, std::size_t known);

/// How many bytes at the end of `text` may be the beginning of one of `stops`: not to be shown yet.
std::size_t held_back(std::string_view text, std::span<const std::string> stops);

}  // namespace enxerto
