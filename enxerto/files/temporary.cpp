#include "enxerto/files/temporary.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <string_view>
#include <vector>

#include "enxerto/files/durable.h"

namespace enxerto {
namespace {

constexpr std::string_view kBefore = ".enxerto-", kAfter = ".part";
constexpr std::size_t kDigits = 16;

bool is_temporary_name(std::string_view name) {
  if (!name.starts_with(kBefore) || !name.ends_with(kAfter)) return false;
  name.remove_prefix(kBefore.size());
  name.remove_suffix(kAfter.size());
  return name.size() == kDigits && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

int open_to_lock(const std::filesystem::path& path) {
  return ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
}

bool names_the_same(int descriptor, const std::filesystem::path& path) {
  struct stat mine{}, named{};
  return ::fstat(descriptor, &mine) == 0 && ::lstat(path.c_str(), &named) == 0 && mine.st_ino == named.st_ino &&
         mine.st_dev == named.st_dev;
}

bool lock_alone(int descriptor) {
  while (::flock(descriptor, LOCK_EX) != 0)
    if (errno != EINTR) return false;
  return true;
}

void remove_if_abandoned(const std::filesystem::path& path) {
  const int descriptor = open_to_lock(path);
  if (descriptor < 0) return;
  std::error_code ignored;
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) std::filesystem::remove_all(path, ignored);
  ::close(descriptor);
}

}  // namespace

std::filesystem::path temporary_name_next_to(const std::filesystem::path& target) {
  std::random_device random;
  return directory_of(target) / fmt::format("{}{:08x}{:08x}{}", kBefore, random(), random(), kAfter);
}

void remove_abandoned(const std::filesystem::path& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> found;
  for (auto entry = std::filesystem::directory_iterator(directory, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
    if (is_temporary_name(entry->path().filename().native())) found.push_back(entry->path());
  for (const std::filesystem::path& path : found) remove_if_abandoned(path);
}

Temporary::Temporary(const std::filesystem::path& target,
                     const std::function<int(const std::filesystem::path&)>& make) {
  remove_abandoned(directory_of(target));
  for (;;) {
    path_ = temporary_name_next_to(target);
    if (const int failure = make(path_); failure != 0) throw_disk_error(target, "cannot be created", failure);
    lock_ = open_to_lock(path_);
    // Another program may have found it between its making and its locking, and taken it for a leftover.
    if (lock_ < 0 && errno == ENOENT) continue;
    // A file system without locks has nothing to be told apart by, so there nothing is ever removed as abandoned.
    if (lock_ < 0 || !lock_alone(lock_) || names_the_same(lock_, path_)) return;
    ::close(lock_);
  }
}

Temporary::~Temporary() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace enxerto
