#include "enxerto/features/segment.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "enxerto/base/error.h"
#include "enxerto/base/row_record.h"
#include "enxerto/files/durable.h"

namespace enxerto {
namespace {

constexpr std::uint64_t kFullSegment = std::uint64_t{1} << 30;

/// Numbers from 0 on are in use up to the one before this.
std::uint32_t first_free_number(const std::filesystem::path& folder) {
  std::uint32_t number = 0;
  while (std::filesystem::exists(segment_path(folder, number))) ++number;
  return number;
}

std::uint64_t size_of_file(int descriptor) {
  struct stat info{};
  return fstat(descriptor, &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

}  // namespace

std::size_t segment_unit(std::size_t record_bytes) { return record_bytes > 0 ? record_bytes : kRecordUnit; }

std::filesystem::path segment_path(const std::filesystem::path& folder, std::uint32_t number) {
  return folder / fmt::format("seg-{}.bin", number);
}

SegmentWriter::SegmentWriter(std::filesystem::path path, FileLock lock, std::uint32_t number, std::size_t unit)
    : path_(std::move(path)),
      lock_(std::move(lock)),
      number_(number),
      unit_(unit),
      // Behind whatever is there, a torn tail included: nothing that an index may name is written over.
      next_unit_((size_of_file(lock_.descriptor()) + unit_ - 1) / unit_) {}

SegmentWriter SegmentWriter::claim(const std::filesystem::path& folder, std::size_t unit) {
  std::uint32_t number = first_free_number(folder);
  if (number > 0) {
    const std::filesystem::path last = segment_path(folder, number - 1);
    std::optional<FileLock> lock = FileLock::try_alone(last);
    if (lock && size_of_file(lock->descriptor()) < kFullSegment) return {last, std::move(*lock), number - 1, unit};
  }
  for (;; ++number) {
    const std::filesystem::path path = segment_path(folder, number);
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor < 0 && errno == EEXIST) continue;
    if (descriptor < 0) throw_disk_error(path, "cannot be created", errno);
    close(descriptor);
    // Between creation and lock another process may have claimed it: then the next number is ours.
    if (std::optional<FileLock> lock = FileLock::try_alone(path)) return {path, std::move(*lock), number, unit};
  }
}

SegmentWriter SegmentWriter::temporary(std::size_t unit) {
  std::string name = (std::filesystem::temp_directory_path() / "enxerto-rows-XXXXXX").string();
  const int descriptor = mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) throw_disk_error(name, "cannot be created", errno);
  close(descriptor);
  FileLock lock = FileLock::shared(name);
  unlink(name.c_str());
  return {name, std::move(lock), 0, unit};
}

std::uint64_t SegmentWriter::append(std::span<const std::byte> records) {
  std::uint64_t first = 0;
  {
    const std::lock_guard lock(mutex_);
    first = next_unit_;
    next_unit_ += records.size() / unit_;
  }
  auto offset = static_cast<off_t>(first * unit_);
  while (!records.empty()) {
    const ssize_t written = pwrite(lock_.descriptor(), records.data(), records.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw_disk_error(path_, "cannot be written", written < 0 ? errno : ENOSPC);
    records = records.subspan(static_cast<std::size_t>(written));
    offset += written;
  }
  return first;
}

void SegmentWriter::sync() const {
  if (fdatasync(lock_.descriptor()) != 0) throw_disk_error(path_, "cannot be written", errno);
}

SegmentMap::SegmentMap(int descriptor, std::size_t unit)
    : descriptor_(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)), unit_(unit) {}

SegmentMap::SegmentMap(const std::filesystem::path& path, std::size_t unit)
    : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)), path_(path), unit_(unit) {}

SegmentMap::~SegmentMap() {
  if (descriptor_ >= 0) close(descriptor_);
}

const std::byte* SegmentMap::units(std::uint64_t number, std::uint64_t bytes) const {
  std::uint64_t begin = 0, end = 0;
  if (__builtin_mul_overflow(number, unit_, &begin) || __builtin_add_overflow(begin, bytes, &end)) return nullptr;
  const std::lock_guard lock(mutex_);
  if (pieces_.empty() || pieces_.back()->size() < end) {
    if (descriptor_ < 0 && !path_.empty()) descriptor_ = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    const std::uint64_t size = descriptor_ < 0 ? 0 : size_of_file(descriptor_);
    if (size < end) return nullptr;
    auto piece = std::make_unique<const Mapping>(descriptor_, size, path_, ErrorKind::disk);
    if (piece->data() == nullptr) return nullptr;
    pieces_.push_back(std::move(piece));
  }
  return pieces_.back()->data() + begin;
}

}  // namespace enxerto
