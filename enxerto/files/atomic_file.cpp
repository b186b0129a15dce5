#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/mapping.h"
#include "enxerto/files/temporary.h"

namespace enxerto {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 16;

}  // namespace

struct AtomicFile::State {
  std::filesystem::path path;
  std::unique_ptr<Temporary> temporary;
  std::string buffer;  ///< gathers small pieces, so that a table written row by row is not a system call a row
  int file = -1;
  bool committed = false;

  ~State() {
    if (file >= 0) ::close(file);
    if (!committed && temporary) ::unlink(temporary->path().c_str());
  }

  void put(const char* data, std::size_t size) const {
    while (size > 0) {
      const ssize_t written = ::write(file, data, size);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0 && errno == EFAULT) {  // of a map whose file became shorter
        touch({reinterpret_cast<const std::byte*>(data), size});
        throw_if_a_file_shrank();
        errno = EFAULT;
      }
      if (written < 0) throw_disk_error(path, "cannot be written", errno);
      data += written;
      size -= to_size(written);
    }
  }

  void flush() {
    put(buffer.data(), buffer.size());
    buffer.clear();
  }
};

AtomicFile::AtomicFile(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
  state_->path = behind_links(path);
  struct stat old{};
  const bool replaces = ::stat(state_->path.c_str(), &old) == 0;
  if (replaces && !S_ISREG(old.st_mode)) {
    throw disk_error(path.string(), S_ISDIR(old.st_mode) ? "is a directory" : "is not a regular file",
                     "the name of a file to write", "choose another name");
  }
  state_->temporary = std::make_unique<Temporary>(state_->path, [this](const std::filesystem::path& name) {
    if (state_->file >= 0) ::close(state_->file);
    state_->file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return state_->file < 0 ? errno : 0;
  });
  if (replaces && ::fchmod(state_->file, old.st_mode & 07777) != 0 && errno != EPERM) {
    throw_disk_error(state_->path, "cannot be given its old permissions", errno);
  }
}

AtomicFile::~AtomicFile() = default;

void AtomicFile::write(std::span<const std::byte> bytes) {
  if (state_->buffer.size() + bytes.size() > kBufferBytes) state_->flush();
  const auto* data = reinterpret_cast<const char*>(bytes.data());
  if (bytes.size() > kBufferBytes) {
    state_->put(data, bytes.size());
  } else {
    state_->buffer.append(data, bytes.size());
  }
}

void AtomicFile::write(std::string_view text) { write(std::as_bytes(std::span(text))); }

void AtomicFile::commit(Durability durability) {
  State& state = *state_;
  throw_if_a_file_shrank();
  state.flush();
  if (durability == Durability::kept && ::fsync(state.file) != 0)
    throw_disk_error(state.path, "cannot be synchronised", errno);
  const int closed = ::close(state.file);
  state.file = -1;
  if (closed != 0) throw_disk_error(state.path, "cannot be closed", errno);
  if (std::rename(state.temporary->path().c_str(), state.path.c_str()) != 0) {
    throw_disk_error(state.path, "cannot be moved into place", errno);
  }
  state.committed = true;
  if (durability == Durability::kept) sync_directory(directory_of(state.path));
}

void write_atomically(const std::filesystem::path& path, std::string_view text) {
  write_atomically(path, std::as_bytes(std::span(text)));
}

void write_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

}  // namespace enxerto
