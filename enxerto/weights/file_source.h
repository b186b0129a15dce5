#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace enxerto {

/// The bytes of a weight file and where they come from.
struct FileSource {
  std::span<const std::byte> bytes = {};
  std::shared_ptr<const void> owner = {};  ///< kept alive by the tensors
  std::string_view where = {};             ///< what errors name
  std::filesystem::path path = {};         ///< the file that holds them, for a program to open; empty in memory
};

}  // namespace enxerto
