#pragma once
#include <filesystem>
#include <string_view>
#include <vector>

namespace enxerto {

/// Where the program enxerto-hdf5 is looked for, in this order: $ENXERTO_HELPER_DIR, the directory of the library or
/// program that holds this code and `enxerto` in it, `../lib` and `../lib/enxerto` from there, where CMake installs it.
std::vector<std::filesystem::path> helper_directories();

/// The first of these that has it. Throws Error{weights} with the directories that were looked into; `where` is the
/// file that waits for it.
std::filesystem::path find_hdf5_helper(const std::vector<std::filesystem::path>& directories, std::string_view where);

}  // namespace enxerto
