#include "enxerto/weights/hdf5/reader_path.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "enxerto/base/module_file.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr const char* kFileName = "enxerto-hdf5";

}  // namespace

std::vector<std::filesystem::path> helper_directories() {
  std::vector<std::filesystem::path> directories;
  if (const char* const chosen = std::getenv("ENXERTO_HELPER_DIR"); chosen != nullptr && *chosen != '\0')
    directories.emplace_back(chosen);
  if (const std::filesystem::path own = own_directory(); !own.empty()) {
    for (const std::filesystem::path& directory : {own, own.parent_path() / "lib"}) {
      directories.push_back(directory);
      directories.push_back(directory / "enxerto");
    }
  }
  directories.emplace_back(ENXERTO_INSTALLED_HELPER_DIR);
  return directories;
}

std::filesystem::path find_hdf5_helper(const std::vector<std::filesystem::path>& directories, std::string_view where) {
  std::vector<std::string> looked;
  for (const std::filesystem::path& directory : directories) {
    std::filesystem::path file = directory / kFileName;
    if (::access(file.c_str(), X_OK) == 0) return file;
    looked.push_back(directory.string());
  }
  throw_weights_error(
      where, {.found = fmt::format("is an HDF5 file, and the program {} that reads those is not in {}", kFileName,
                                   fmt::join(looked, ", ")),
              .expected = "the program next to the library",
              .tip = "install all of Enxerto, or set ENXERTO_HELPER_DIR to the directory of the program"});
}

}  // namespace enxerto
