#include "example_files.h"

#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/files/atomic_write.h"

namespace enxerto::cli {

ExampleFiles::ExampleFiles(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (failed || !std::filesystem::is_directory(folder_))
    throw disk_error(folder_.string(), failed ? failed.message() : "no folder", "a folder that can be made",
                     "another name");
  if (!std::filesystem::is_empty(folder_, failed) || failed)  // what is there may be the pictures themselves
    throw disk_error(folder_.string(), failed ? failed.message() : "holds files already", "a new or an empty folder",
                     "another name");
}

void ExampleFiles::write(const std::string& example, std::string_view ending, std::span<const std::byte> bytes) {
  const std::string stem = std::filesystem::path(example).stem().string();
  std::string name = stem;
  for (std::size_t copy = 2; !names_.insert(name).second; ++copy) name = fmt::format("{}-{}", stem, copy);
  write_atomically(folder_ / fmt::format("{}{}", name, ending), bytes);
}

}  // namespace enxerto::cli
