#include "enxerto/download/partial_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/json.h"

namespace enxerto {
namespace {

constexpr std::size_t kChunk = 1U << 20U;
constexpr std::size_t kMostOriginBytes = 64U << 10U;
constexpr std::chrono::milliseconds kLookForOwner{50};

bool is_the_file_at(int file, const std::filesystem::path& path) {
  struct stat open{};
  struct stat named{};
  return fstat(file, &open) == 0 && lstat(path.c_str(), &named) == 0 && open.st_ino == named.st_ino &&
         open.st_dev == named.st_dev;
}

}  // namespace

PartialFile::PartialFile(std::filesystem::path target, Progress& progress)
    : target_(std::move(target)), part_(target_) {
  part_ += ".part";
  std::error_code failure;
  std::filesystem::create_directories(directory_of(target_), failure);
  if (failure) throw_disk_error(directory_of(target_), "cannot be created", failure.value());
  for (bool reported = false; !open_and_lock(); reported = true) {
    if (!reported) progress.notice("another process is downloading " + target_.string() + ": waiting for it");
    throw_if_cancelled(progress);
    std::this_thread::sleep_for(kLookForOwner);
  }
  struct stat status{};
  if (fstat(file_, &status) != 0 || !S_ISREG(status.st_mode)) {
    const int reason = errno;
    ::close(file_);
    throw_disk_error(part_, "is not a writable file", reason);
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

PartialFile::~PartialFile() {
  if (!finished_ && size_ == 0) {
    ::unlink(part_.c_str());
    ::unlink(origin_file().c_str());
  }
  ::close(file_);
}

/// Who has locked the part renames or removes it at the end: a lock on what is no longer there does not count.
bool PartialFile::open_and_lock() {
  const int file = ::open(part_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (file < 0) throw_disk_error(part_, "cannot be written", errno);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    ::close(file);
    if (reason != EWOULDBLOCK && reason != EINTR) throw_disk_error(part_, "cannot be locked", reason);
    return false;
  }
  if (!is_the_file_at(file, part_)) {
    ::close(file);
    return false;
  }
  file_ = file;
  return true;
}

std::filesystem::path PartialFile::origin_file() const { return part_.string() + ".json"; }

std::optional<PartOrigin> PartialFile::origin() const {
  try {
    const Json json = read_json(origin_file(), kMostOriginBytes);
    const std::string where = origin_file().string();
    return PartOrigin{.address = member<std::string>(json, "address", where),
                      .etag = member<std::string>(json, "etag", where),
                      .last_modified = member<std::string>(json, "last_modified", where),
                      .size = member<std::uint64_t>(json, "size", where)};
  } catch (const Error&) {
    return std::nullopt;
  }
}

void PartialFile::set_origin(const PartOrigin& origin) {
  const Json json{{"address", origin.address},
                  {"etag", origin.etag},
                  {"last_modified", origin.last_modified},
                  {"size", origin.size}};
  write_atomically(origin_file(), json.dump(-1, ' ', true, Json::error_handler_t::replace));
}

void PartialFile::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_disk_error(part_, "cannot be written; what was downloaded so far is kept", errno);
    size_ += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(to_size(written));
  }
}

void PartialFile::restart() {
  if (::ftruncate(file_, 0) != 0) throw_disk_error(part_, "cannot be emptied", errno);
  size_ = 0;
  ::unlink(origin_file().c_str());
}

void PartialFile::read(const std::function<void(std::span<const std::byte>)>& take) const {
  std::vector<std::byte> chunk(kChunk);
  for (std::uint64_t at = 0; at < size_;) {
    const ssize_t count = ::pread(file_, chunk.data(), chunk.size(), static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw_disk_error(part_, "cannot be read", count == 0 ? EIO : errno);
    take({chunk.data(), to_size(count)});
    at += static_cast<std::uint64_t>(count);
  }
}

std::string PartialFile::start(std::size_t count) const {
  std::string text(count, '\0');
  const ssize_t got = ::pread(file_, text.data(), text.size(), 0);
  if (got < 0) throw_disk_error(part_, "cannot be read", errno);
  text.resize(to_size(got));
  return text;
}

void PartialFile::finish() {
  if (::fsync(file_) != 0) throw_disk_error(part_, "cannot be written", errno);
  if (::rename(part_.c_str(), target_.c_str()) != 0) throw_disk_error(target_, "cannot be written", errno);
  finished_ = true;
  ::unlink(origin_file().c_str());
  sync_directory(directory_of(target_));
}

}  // namespace enxerto
