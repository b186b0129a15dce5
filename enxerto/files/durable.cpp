#include "enxerto/files/durable.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

struct Remedy {
  int error_number;
  std::string_view tip;
};

constexpr std::array kRemedies{
    Remedy{ENOSPC, "free some space on this disk or choose another one"},
    Remedy{EDQUOT, "your quota is used up: free some space or choose another disk"},
    Remedy{EFBIG, "the limit on file sizes is too low: see `ulimit -f`"},
    Remedy{EACCES, "choose a folder that you may write to"},
    Remedy{EPERM, "choose a folder that you may write to"},
    Remedy{EROFS, "this disk is read-only: choose another one"},
    Remedy{ENOENT, "make the folder first, or check the path"},
    Remedy{ENOTDIR, "a part of the path is a file: check the path"},
    Remedy{ENAMETOOLONG, "choose a shorter name"},
    Remedy{EMFILE, "too many files are open: see `ulimit -n`"},
};

}  // namespace

Error memory_error(const std::filesystem::path& path, std::string_view what) {
  return {ErrorKind::memory,
          {.where = path.string(),
           .found = fmt::format("{} (not enough memory)", what),
           .expected = "enough memory and address space",
           .tip = "end other programs, or raise the limits of this one: see `ulimit -v` and `ulimit -m`"}};
}

void throw_disk_error(const std::filesystem::path& path, std::string_view what, int error_number) {
  if (error_number == ENOMEM) throw memory_error(path, what);
  std::string tip;
  for (const Remedy& remedy : kRemedies) {
    if (remedy.error_number == error_number) tip = remedy.tip;
  }
  throw disk_error(path.string(), fmt::format("{} ({})", what, std::generic_category().message(error_number)), "",
                   std::move(tip));
}

std::filesystem::path behind_links(const std::filesystem::path& path) {
  std::filesystem::path plain = path;
  while (!plain.has_filename() && plain.has_parent_path() && plain != plain.parent_path()) plain = plain.parent_path();
  std::error_code ignored;
  if (!std::filesystem::is_symlink(plain, ignored)) return plain;
  const auto target = std::filesystem::weakly_canonical(plain, ignored);
  return ignored ? plain : target;
}

std::filesystem::path directory_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

void sync_directory(const std::filesystem::path& directory) {
  const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) throw_disk_error(directory, "cannot be opened to be synchronised", errno);
  const int failure = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  if (failure != 0 && failure != EINVAL && failure != ENOTSUP) {
    throw_disk_error(directory, "cannot be synchronised", failure);
  }
}

}  // namespace enxerto
