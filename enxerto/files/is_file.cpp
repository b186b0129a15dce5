#include "enxerto/files/is_file.h"

#include <system_error>

namespace enxerto {

bool is_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

bool is_empty_file(const std::filesystem::path& path) {
  std::error_code failed;
  return is_file(path) && std::filesystem::file_size(path, failed) == 0 && !failed;
}

}  // namespace enxerto
