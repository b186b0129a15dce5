#include "enxerto/files/read_at.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }

 private:
  int number_;
};

}  // namespace

void read_at(const std::filesystem::path& path, std::uint64_t offset, std::span<std::byte> to, ErrorKind kind) {
  const Descriptor file(path);
  ssize_t got = file.number() < 0 ? -1 : 0;
  while (got >= 0 && !to.empty()) {
    got = ::pread(file.number(), to.data(), to.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR)
      got = 0;
    else if (got <= 0)
      break;
    to = to.subspan(to_size(got));
    offset += static_cast<std::uint64_t>(got);
  }
  if (got >= 0 && to.empty()) return;
  const std::string reason = got < 0 ? fmt::format("cannot be read ({})", std::generic_category().message(errno))
                                     : fmt::format("ends at byte {}, {} bytes too early", offset, to.size());
  throw Error(kind, {.where = path.string(),
                     .found = reason,
                     .expected = "a file that no other program is writing",
                     .tip = "wait until it is complete and start again"});
}

}  // namespace enxerto
