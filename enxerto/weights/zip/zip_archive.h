#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// A file inside a zip archive.
struct ZipEntry {
  std::string_view name;  ///< points into the archive
  std::uint64_t size = 0, stored_size = 0;
  std::uint64_t header = 0;  ///< where its local header is
  std::uint64_t begin = 0;   ///< where its bytes are
  std::uint32_t crc = 0;
  std::uint16_t method = 0;  ///< 0 stored, 8 deflated
};

/// A zip archive in memory (APPNOTE 6.3.10, zip64 included), read by its central directory. Entries lie inside the
/// file and do not overlap; encrypted and split archives are refused. Throws Error{weights}.
class ZipArchive {
 public:
  /// `bytes` stay where they are as long as `owner` lives.
  ZipArchive(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, std::string_view where);

  const std::vector<ZipEntry>& entries() const { return entries_; }
  const ZipEntry* find(std::string_view name) const;  ///< nullptr where it is not there

  /// Whether every entry's CRC is 0, as torch.save writes them after torch.serialization.set_crc32_options(False); then
  /// none is checked.
  bool without_checksums() const { return without_checksums_; }

  /// The bytes of an entry, whose CRC-32 is checked: in the archive itself where they are stored, inflated otherwise
  /// (at most 2 GB from one archive).
  std::shared_ptr<const std::byte> read(const ZipEntry& entry);

 private:
  std::shared_ptr<const std::byte> inflated(const ZipEntry& entry);

  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
  std::string where_;
  std::vector<ZipEntry> entries_;  ///< sorted by name
  bool without_checksums_ = false;
  std::uint64_t inflated_bytes_ = 0;
};

}  // namespace enxerto
