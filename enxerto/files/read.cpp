#include "enxerto/files/read.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "enxerto/base/to_size.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/mapping.h"

namespace enxerto {
namespace {

[[noreturn]] void throw_unreadable(const std::filesystem::path& path, ErrorKind kind, int error_number) {
  if (error_number == ENOMEM) throw memory_error(path, "cannot be read");
  std::string tip = "check the path";
  if (error_number == EACCES || error_number == EPERM) tip = "make it readable (chmod +r)";
  if (error_number == EMFILE) tip = "too many files are open: see `ulimit -n`";
  const std::string reason = error_number == ENOENT
                                 ? "does not exist"
                                 : "cannot be read (" + std::generic_category().message(error_number) + ")";
  throw Error(kind, {.where = path.string(), .found = reason, .expected = "a readable file", .tip = std::move(tip)});
}

[[noreturn]] void throw_changed(const std::filesystem::path& path, ErrorKind kind) {
  throw Error(kind, {.where = path.string(),
                     .found = "became shorter while it was being read",
                     .expected = "a file that no other program is writing",
                     .tip = "wait until it is complete and start again"});
}

/// An open regular file and its size.
class OpenFile {
 public:
  OpenFile(const std::filesystem::path& path, ErrorKind kind) {
    if (path.empty()) {
      throw Error(kind, {.where = "path", .found = "is empty", .expected = "the name of a file"});
    }
    // Without O_NONBLOCK, opening a pipe waits for a writer before we can see that it is a pipe.
    file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file_ < 0) throw_unreadable(path, kind, errno);
    struct stat status{};
    const int failure = ::fstat(file_, &status) == 0 ? 0 : errno;
    if (failure != 0 || !S_ISREG(status.st_mode)) ::close(file_);
    if (failure != 0) throw_unreadable(path, kind, failure);
    if (!S_ISREG(status.st_mode)) {
      throw Error(kind, {.where = path.string(),
                         .found = S_ISDIR(status.st_mode) ? "is a directory" : "is not a regular file",
                         .expected = "a file",
                         .tip = S_ISDIR(status.st_mode) ? "name a file inside it" : "copy its content into a file"});
    }
    size_ = to_size(status.st_size);
  }
  ~OpenFile() { ::close(file_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int number() const { return file_; }
  std::size_t size() const { return size_; }

 private:
  int file_ = -1;
  std::size_t size_ = 0;
};

void read_whole(const OpenFile& file, std::span<std::byte> to, const std::filesystem::path& path, ErrorKind kind) {
  while (!to.empty()) {
    const ssize_t got = ::read(file.number(), to.data(), to.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_unreadable(path, kind, errno);
    if (got == 0) throw_changed(path, kind);
    to = to.subspan(to_size(got));
  }
}

void require_at_most(std::size_t size, std::size_t limit, const std::filesystem::path& path, ErrorKind kind) {
  if (size <= limit) return;
  throw Error(kind, {.where = path.string(),
                     .found = fmt::format("is {} bytes long", size),
                     .expected = fmt::format("at most {} bytes", limit),
                     .tip = "check that this is the right file"});
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path, ErrorKind kind) {
  const OpenFile file(path, kind);
  map_ = std::make_shared<const Mapping>(file.number(), file.size(), path, kind);
  if (map_->failure() != 0) throw_unreadable(path, kind, map_->failure());
}

std::span<const std::byte> MappedFile::bytes() const { return {map_->data(), map_->size()}; }

std::shared_ptr<const std::byte> MappedFile::share(std::size_t offset) const { return {map_, map_->data() + offset}; }

Tensor read_file(const std::filesystem::path& path, std::size_t limit, ErrorKind kind) {
  const OpenFile file(path, kind);
  require_at_most(file.size(), limit, path, kind);
  TensorBuffer buffer(DType::u8, {static_cast<std::int64_t>(file.size())});
  read_whole(file, buffer.bytes(), path, kind);
  return std::move(buffer).freeze();
}

std::string read_text(const std::filesystem::path& path, std::size_t limit, ErrorKind kind) {
  const OpenFile file(path, kind);
  require_at_most(file.size(), limit, path, kind);
  std::string text(file.size(), '\0');
  read_whole(file, std::as_writable_bytes(std::span(text)), path, kind);
  return text;
}

std::optional<FileIdentity> identity_of(const std::filesystem::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileIdentity{
      .path = std::filesystem::absolute(path).lexically_normal().string(),
      .size = static_cast<std::uint64_t>(status.st_size),
      .modified_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
      .inode = status.st_ino,
      .device = status.st_dev,
  };
}

}  // namespace enxerto
