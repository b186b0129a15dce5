#include "enxerto/data/inflate.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

/// Deflate's best ratio: a longer declared size is a lie, and not worth a byte of disk.
constexpr std::uint64_t kBestRatio = 1032;
constexpr std::size_t kPiece = std::size_t{1} << 20;

[[noreturn]] void fail_inflate(const std::filesystem::path& path, std::string found, std::string expected) {
  throw data_error(path.string(), std::move(found), std::move(expected), "download the file again");
}

/// A file without a name, gone with its descriptor.
class UnnamedFile {
 public:
  UnnamedFile() {
    std::string name = (std::filesystem::temp_directory_path() / "enxerto-XXXXXX").string();
    descriptor_ = mkostemp(name.data(), O_CLOEXEC);
    if (descriptor_ < 0) fail_disk();
    unlink(name.c_str());
  }
  ~UnnamedFile() { close(descriptor_); }
  UnnamedFile(const UnnamedFile&) = delete;
  UnnamedFile& operator=(const UnnamedFile&) = delete;

  void write(std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) fail_disk();
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  std::shared_ptr<const std::byte> map(std::size_t size) const {
    void* data = mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor_, 0);
    if (data == MAP_FAILED) fail_disk();
    return {static_cast<const std::byte*>(data),
            [size](const std::byte* p) { munmap(const_cast<std::byte*>(p), size); }};
  }

 private:
  [[noreturn]] static void fail_disk() {
    if (errno == ENOMEM) throw memory_error(std::filesystem::temp_directory_path(), "a file cannot be mapped");
    throw disk_error(std::filesystem::temp_directory_path().string(), std::strerror(errno), "room for a temporary file",
                     "point TMPDIR at a disk with more room");
  }
  int descriptor_;
};

/// Inflates piece by piece, member by member (RFC 1952).
class Inflater {
 public:
  Inflater(const std::filesystem::path& path, std::span<const std::byte> packed) : path_(path), rest_(packed) {
    if (inflateInit2(&stream_, 16 + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Fills `out` as far as there are bytes.
  std::size_t read(std::span<std::byte> out) {
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    while (stream_.avail_out > 0 && !(ended_ && rest_.empty())) step();
    return out.size() - stream_.avail_out;
  }

 private:
  void step() {
    if (ended_) inflateReset(&stream_);
    const std::size_t given = std::min(rest_.size(), kPiece);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(rest_.data()));
    stream_.avail_in = static_cast<uInt>(given);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    rest_ = rest_.subspan(given - stream_.avail_in);
    ended_ = status == Z_STREAM_END;
    if (status == Z_BUF_ERROR && rest_.empty()) fail_inflate(path_, "truncated gzip data", "a complete gzip file");
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
      fail_inflate(path_, "damaged gzip data", "a complete gzip file");
  }

  const std::filesystem::path& path_;
  std::span<const std::byte> rest_;
  z_stream stream_{};
  bool ended_ = false;
};

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1F} && bytes[1] == std::byte{0x8B};
}

}  // namespace

MappedBytes map_plain_or_gzip(const std::filesystem::path& path, std::size_t header,
                              const std::function<std::uint64_t(std::span<const std::byte>)>& expected_size) {
  const MappedFile file(path);
  const std::span<const std::byte> bytes = file.bytes();
  if (!is_gzip(bytes)) {
    if (bytes.size() < header) fail_inflate(path, fmt::format("{} bytes", bytes.size()), "at least a header");
    const std::uint64_t expected = expected_size(bytes.first(header));
    if (bytes.size() != expected)
      fail_inflate(path, fmt::format("{} bytes", bytes.size()), fmt::format("{}", expected));
    return {file.share(0), bytes.size()};
  }
  Inflater inflater(path, bytes);
  std::vector<std::byte> piece(kPiece);
  if (inflater.read(std::span(piece).first(header)) < header) fail_inflate(path, "no header", "at least a header");
  const std::uint64_t expected = expected_size(std::span(piece).first(header));
  if (expected > (bytes.size() + 64) * kBestRatio)
    fail_inflate(path, fmt::format("{} bytes are declared in a gzip file of {}", expected, bytes.size()),
                 "a plausible size");
  UnnamedFile target;
  target.write(std::span(piece).first(header));
  for (std::uint64_t done = header; done < expected;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, expected - done));
    const std::size_t got = inflater.read(std::span(piece).first(wanted));
    if (got == 0) fail_inflate(path, fmt::format("{} bytes of data", done), fmt::format("{}", expected));
    target.write(std::span(piece).first(got));
    done += got;
  }
  // One byte more than declared, or none and the checksum at the end is checked.
  if (inflater.read(std::span(piece).first(1)) != 0)
    fail_inflate(path, "more data than declared", fmt::format("{}", expected));
  return {target.map(static_cast<std::size_t>(expected)), static_cast<std::size_t>(expected)};
}

}  // namespace enxerto
