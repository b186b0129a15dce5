#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/base/dtype.h"
#include "enxerto/base/hash.h"
#include "enxerto/base/progress.h"
#include "enxerto/base/row_layout.h"
#include "enxerto/files/read.h"

namespace enxerto {

class RowStore;

/// What a space's folder says about it.
struct SpaceRecord {
  std::string description = {};
  RowLayout layout = {};
  DType storage = DType::f32;  ///< that float32 values are kept in: f32, f16 or bf16
};

struct CacheOptions {
  std::filesystem::path directory;          ///< empty: `default_cache_directory()`
  std::uint64_t limit_bytes = 20ULL << 30;  ///< oldest used spaces are deleted whole to stay below; 0: no limit
};

/// $ENXERTO_CACHE, else $XDG_CACHE_HOME/enxerto, else ~/.cache/enxerto; empty where none of the three is known.
std::filesystem::path default_cache_directory();

struct SpaceStatus {
  std::string id;           ///< 32 hex digits
  std::string description;  ///< backbone, cut, size, precision
  std::uint64_t rows = 0, bytes = 0;
  std::int64_t last_used = 0;  ///< seconds since 1970
};

/// The content-addressed store of features: one folder a space, append-only segment files, an LMDB index key ->
/// segment, offset, checksum. The index is written after the rows are on disk, so a torn tail is never visible. Several
/// processes may share it. Not for network file systems. Throws Error{disk}.
class FeatureCache {
 public:
  /// Makes the directory where it is missing and keeps the limit.
  static std::shared_ptr<FeatureCache> open(const CacheOptions& options);
  virtual ~FeatureCache() = default;

  virtual const std::filesystem::path& directory() const = 0;

  /// What was damaged and has been mended since the last call, a sentence each.
  virtual std::vector<std::string> take_repairs() = 0;
  virtual std::vector<SpaceStatus> status() const = 0;

  /// Deletes least recently used spaces that nobody uses until all are within the limit; returns the bytes freed.
  virtual std::uint64_t trim(std::uint64_t limit_bytes) = 0;

  /// Trims to the limit that the cache was opened with.
  virtual std::uint64_t keep_limit() = 0;

  /// Deletes all spaces that nobody uses, and all that is remembered; returns the bytes freed.
  virtual std::uint64_t clear() = 0;

  /// The same of a cache that is not opened, which a damaged one may not survive; empty: `default_cache_directory()`.
  static std::uint64_t clear_folder(const std::filesystem::path& directory);

  /// Content hash by file identity, so that an unchanged file is not read again.
  virtual std::optional<Hash128> remembered_hash(const FileIdentity& file) const = 0;
  virtual void remember_hashes(const std::vector<std::pair<FileIdentity, Hash128>>& hashes) = 0;

  /// Small decisions worth keeping between runs (the precision that "auto" chose).
  virtual std::optional<std::string> note(std::string_view key) const = 0;
  virtual void set_note(std::string_view key, std::string_view value) = 0;

  /// The rows of a feature space, for `extract`; the space is in use as long as the store lives.
  virtual std::shared_ptr<RowStore> open_space(const Hash128& space, const SpaceRecord& record) = 0;
};

}  // namespace enxerto
