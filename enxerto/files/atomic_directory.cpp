#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "enxerto/base/error.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/mapping.h"
#include "enxerto/files/temporary.h"

namespace enxerto {
namespace {

[[noreturn]] void throw_taken(const std::filesystem::path& path) {
  throw usage_error(path.string(), "already exists", "a new name", "choose another name, or allow it to be replaced");
}

void sync_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw_disk_error(path, "cannot be opened to be synchronised", errno);
  const int failure = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  if (failure != 0) throw_disk_error(path, "cannot be synchronised", failure);
}

void sync_tree(const std::filesystem::path& directory) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const auto status = entry.symlink_status();
    if (std::filesystem::is_directory(status)) sync_tree(entry.path());
    if (std::filesystem::is_regular_file(status)) sync_file(entry.path());
  }
  sync_directory(directory);
}

bool rename_with(const std::filesystem::path& from, const std::filesystem::path& to, unsigned flags) {
  return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0;
}

}  // namespace

struct AtomicDirectory::State {
  std::filesystem::path path, temporary;
  std::unique_ptr<Temporary> made;  ///< locked until all is done, the old directory removed too
  bool replace = false;

  ~State() {
    std::error_code ignored;
    if (!temporary.empty()) std::filesystem::remove_all(temporary, ignored);
  }

  // Not every file system knows the flags of renameat2; there the old directory steps aside first.
  void swap() {
    if (rename_with(temporary, path, RENAME_EXCHANGE)) return;
    if (errno != EINVAL && errno != ENOSYS) throw_disk_error(path, "cannot be replaced", errno);
    // By a name that nobody takes for a leftover: a kill now leaves the old directory there alone.
    const auto aside = temporary_name_next_to(path).replace_extension(".old");
    if (!rename_with(path, aside, 0)) throw_disk_error(path, "cannot be moved aside", errno);
    if (!rename_with(temporary, path, 0)) {
      const int failure = errno;
      rename_with(aside, path, 0);
      throw_disk_error(path, "cannot be moved into place", failure);
    }
    temporary = aside;
  }

  void place() {
    if (rename_with(temporary, path, RENAME_NOREPLACE)) {
      temporary.clear();
      return;
    }
    if (errno == EEXIST) return replace ? swap() : throw_taken(path);
    if (errno != EINVAL && errno != ENOSYS) throw_disk_error(path, "cannot be moved into place", errno);
    struct stat there{};
    if (::lstat(path.c_str(), &there) == 0) return replace ? swap() : throw_taken(path);
    if (!rename_with(temporary, path, 0)) throw_disk_error(path, "cannot be moved into place", errno);
    temporary.clear();
  }
};

AtomicDirectory::AtomicDirectory(const std::filesystem::path& path, bool replace) : state_(std::make_unique<State>()) {
  state_->path = behind_links(path);
  state_->replace = replace;
  struct stat old{};
  if (::stat(state_->path.c_str(), &old) == 0) {
    if (!replace) throw_taken(path);
    if (!S_ISDIR(old.st_mode)) {
      throw usage_error(path.string(), "is a file", "the name of a directory", "choose another name");
    }
  }
  std::error_code failure;
  std::filesystem::create_directories(directory_of(state_->path), failure);
  if (failure) throw_disk_error(directory_of(state_->path), "cannot be created", failure.value());
  state_->made = std::make_unique<Temporary>(
      state_->path, [](const std::filesystem::path& name) { return ::mkdir(name.c_str(), 0777) == 0 ? 0 : errno; });
  state_->temporary = state_->made->path();
}

AtomicDirectory::~AtomicDirectory() = default;

const std::filesystem::path& AtomicDirectory::temporary() const { return state_->temporary; }

void AtomicDirectory::commit() {
  throw_if_a_file_shrank();
  try {
    sync_tree(state_->temporary);
  } catch (const std::filesystem::filesystem_error& error) {
    throw_disk_error(state_->path, "cannot be synchronised", error.code().value());
  }
  state_->place();
  sync_directory(directory_of(state_->path));
  std::error_code ignored;
  if (!state_->temporary.empty()) std::filesystem::remove_all(state_->temporary, ignored);
  state_->temporary.clear();
}

}  // namespace enxerto
