#pragma once
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "enxerto/base/hash.h"
#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/features/cache.h"

namespace enxerto {

/// Hash of each field: of its bytes, for raw samples their layout, and of which window is looked at.
std::vector<Hash128> field_hashes(std::span<const Field> fields);

/// Hash of what an example is, from those of its fields; that of the field itself where there is one. Never zero.
Hash128 content_hash(std::span<const Hash128> fields);

/// The content hashes that are known without reading a file: of raw samples, and of files that `cache` (may be null)
/// remembers unchanged. Zero for all others.
std::vector<Hash128> known_contents(const Dataset& dataset, const FeatureCache* cache, int threads,
                                    const Progress& progress);

/// Collects hashes of files that were read, and has the cache remember them now and then. Safe from many threads.
class NewHashes {
 public:
  explicit NewHashes(FeatureCache* cache) : cache_(cache) {}

  /// The files of an example, as they were before they were read, and the hashes of its fields.
  void add(const ExampleFiles& files, std::span<const Hash128> fields);
  void flush();

 private:
  void add(const FileIdentity& file, const Hash128& content);

  FeatureCache* cache_;
  std::mutex mutex_;
  std::vector<std::pair<FileIdentity, Hash128>> hashes_;
};

}  // namespace enxerto
