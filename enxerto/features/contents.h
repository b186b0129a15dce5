#pragma once
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "enxerto/base/hash.h"
#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"
#include "enxerto/features/cache.h"

namespace enxerto {

/// Hash of what a field is: its bytes, and for raw samples their layout. Never zero.
Hash128 content_hash(const Field& field);

/// The content hashes that are known without reading a file: of raw samples, and of files that `cache` (may be null)
/// remembers unchanged. Zero for all others.
std::vector<Hash128> known_contents(const Dataset& dataset, const FeatureCache* cache, int threads,
                                    const Progress& progress);

/// Collects hashes of files that were read, and has the cache remember them now and then. Safe from many threads.
class NewHashes {
 public:
  explicit NewHashes(FeatureCache* cache) : cache_(cache) {}

  /// `file` as it was before its bytes were read.
  void add(const std::optional<FileIdentity>& file, const Hash128& content);
  void flush();

 private:
  FeatureCache* cache_;
  std::mutex mutex_;
  std::vector<std::pair<FileIdentity, Hash128>> hashes_;
};

}  // namespace enxerto
