#include "enxerto/weights/hdf5/file_image.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <functional>
#include <system_error>

#include "enxerto/base/to_size.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

[[noreturn]] void fail(std::string_view where, std::string found) {
  throw_weights_error(where, {.found = std::move(found),
                              .expected = "a file that stays as it is while it is read",
                              .tip = "wait until nobody writes it, and start again"});
}

bool lies_in(std::span<const std::byte> part, std::span<const std::byte> whole) {
  const std::less_equal<> before;
  return before(whole.data(), part.data()) && before(part.data() + part.size(), whole.data() + whole.size());
}

Descriptor reopened(const FileSource& source) {
  Descriptor file(::open(source.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (!file.is_open() || ::fstat(file.number(), &status) != 0)
    fail(source.where, "cannot be opened again: " + std::generic_category().message(errno));
  if (!S_ISREG(status.st_mode) || static_cast<std::uint64_t>(status.st_size) != source.bytes.size())
    fail(source.where, "was replaced while it was being read");
  return file;
}

Descriptor in_memory(std::span<const std::byte> bytes, std::string_view where) {
  Descriptor file(::memfd_create("enxerto-hdf5", MFD_CLOEXEC));
  bool written = file.is_open();
  while (written && !bytes.empty()) {
    const ssize_t count = ::write(file.number(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    written = count > 0;
    if (written) bytes = bytes.subspan(to_size(count));
  }
  if (written) return file;
  throw_weights_error(
      where, {.found = "cannot be handed to the reader of HDF5 files: " + std::generic_category().message(errno),
              .expected = "memory for a copy of it",
              .tip = "free some memory"});
}

}  // namespace

FileImage open_image(const FileSource& source, std::span<const std::byte> part) {
  if (source.path.empty() || !lies_in(part, source.bytes))
    return {.file = in_memory(part, source.where), .offset = 0, .size = part.size()};
  return {.file = reopened(source),
          .offset = static_cast<std::uint64_t>(part.data() - source.bytes.data()),
          .size = part.size()};
}

}  // namespace enxerto
