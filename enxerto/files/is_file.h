#pragma once
#include <filesystem>

namespace enxerto {

/// Whether a regular file is there; false, too, where that cannot be found out.
bool is_file(const std::filesystem::path& path);

/// Whether a regular file is there and has no bytes.
bool is_empty_file(const std::filesystem::path& path);

}  // namespace enxerto
