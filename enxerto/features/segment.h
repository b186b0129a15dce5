#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "enxerto/files/file_lock.h"
#include "enxerto/files/mapping.h"

namespace enxerto {

/// Bytes that a segment counts in: a record where all are of `record_bytes`, else `kRecordUnit`.
std::size_t segment_unit(std::size_t record_bytes);

/// A file of records one after another, each of whole units of so many bytes, that is only ever appended to.
class SegmentWriter {
 public:
  /// The highest numbered segment of `folder` that nobody writes and that is below a GiB, else a new one.
  static SegmentWriter claim(const std::filesystem::path& folder, std::size_t unit);

  /// A file without a name in the directory for temporary files.
  static SegmentWriter temporary(std::size_t unit);

  std::uint32_t number() const { return number_; }
  int descriptor() const { return lock_.descriptor(); }

  /// Writes whole units behind all others and returns the number of the first. From many threads at once. Throws
  /// Error{disk}.
  std::uint64_t append(std::span<const std::byte> records);

  /// Waits until what was appended is on the disk. Throws Error{disk}.
  void sync() const;

 private:
  SegmentWriter(std::filesystem::path path, FileLock lock, std::uint32_t number, std::size_t unit);

  std::filesystem::path path_;
  FileLock lock_;
  std::uint32_t number_;
  std::size_t unit_;
  std::mutex mutex_;
  std::uint64_t next_unit_ = 0;
};

/// The units of a segment as mapped memory; follows the file as it grows. Safe from many threads.
class SegmentMap {
 public:
  SegmentMap(int descriptor, std::size_t unit);
  explicit SegmentMap(const std::filesystem::path& path, std::size_t unit);
  ~SegmentMap();
  SegmentMap(const SegmentMap&) = delete;
  SegmentMap& operator=(const SegmentMap&) = delete;

  /// `bytes` from unit `number` on. Valid as long as this object; nullptr where the file does not hold all of them, or
  /// cannot be read.
  const std::byte* units(std::uint64_t number, std::uint64_t bytes) const;

 private:
  mutable int descriptor_;      // -1: there was no such file yet
  std::filesystem::path path_;  // empty: a temporary file
  std::size_t unit_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<const Mapping>>
      pieces_;  // the last is the longest; earlier ones stay for those who point into them
};

/// folder/seg-<number>.bin
std::filesystem::path segment_path(const std::filesystem::path& folder, std::uint32_t number);

}  // namespace enxerto
