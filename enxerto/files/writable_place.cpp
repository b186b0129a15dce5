#include "enxerto/files/writable_place.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/files/temporary.h"

namespace enxerto {

void require_writable_place(const std::filesystem::path& output) {
  std::filesystem::path above = std::filesystem::absolute(output).lexically_normal();
  std::error_code ignored;
  do {
    above = above.has_filename() ? above.parent_path() : above.parent_path().parent_path();
  } while (above.has_relative_path() && !std::filesystem::exists(above, ignored));
  if (!std::filesystem::is_directory(above, ignored))
    throw disk_error(output.string(), fmt::format("{} is not a folder", above.string()), "a path below a folder");
  const std::filesystem::path tried = temporary_name_next_to(above / "place");
  if (mkdir(tried.c_str(), S_IRWXU) == 0) {
    rmdir(tried.c_str());
    return;
  }
  throw disk_error(output.string(),
                   fmt::format("the folder {} cannot be written: {}", above.string(), std::strerror(errno)),
                   "a folder that can be written");
}

}  // namespace enxerto
