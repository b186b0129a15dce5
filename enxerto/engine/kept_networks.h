#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "enxerto/base/hash.h"
#include "enxerto/files/read.h"

namespace enxerto {

/// Where they lie in the cache's folder.
inline constexpr const char* kNetworksFolder = "networks";

/// Networks as the engine has compiled them, a file each: compiling is most of what a short process does. Only a cache:
/// what cannot be read is compiled again, what cannot be written is not kept, and nothing of either is an error.
/// Several processes may share the folder.
class KeptNetworks {
 public:
  explicit KeptNetworks(std::filesystem::path folder, std::uint64_t limit_bytes = std::uint64_t{1} << 30)
      : folder_(std::move(folder)), limit_(limit_bytes) {}

  /// The bytes that were kept for `key`. Nothing where there are none, or where they are not what was written; such a
  /// file is removed.
  std::optional<MappedFile> find(const Hash128& key) const;

  /// Without the checksum behind it.
  static std::span<const std::byte> content(const MappedFile& file);

  /// Whether a network of so many bytes would be kept: a quarter of the limit at most.
  bool has_room_for(std::uint64_t bytes) const { return bytes <= limit_ / 4; }

  /// Keeps `network`, if there is room for it, and removes what was longest not used of the others until all are within
  /// the limit.
  void keep(const Hash128& key, std::string_view network) const;

  void forget(const Hash128& key) const;

  std::uint64_t bytes() const;  ///< of all

  /// Removes all; returns the bytes freed.
  std::uint64_t clear() const;

 private:
  std::filesystem::path file_of(const Hash128& key) const;
  std::uint64_t trim(std::uint64_t limit) const;
  std::filesystem::path folder_;
  std::uint64_t limit_;
};

}  // namespace enxerto
