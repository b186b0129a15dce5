#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "enxerto/features/extraction.h"
#include "enxerto/features/prefix_batches.h"

namespace enxerto {

/// One thread's part of an extraction: preprocesses a batch, runs the prefix on it, appends the rows; no barrier
/// between threads.
class ExtractionWorker {
 public:
  explicit ExtractionWorker(Extraction& work);

  /// Until nothing is left. Stops all workers before it throws.
  void run();

 private:
  void take(std::size_t position);
  void encode(const Example& example, std::span<const Field> fields, std::size_t position);
  void find(const Hash128& content, RowPlace& place) const;
  NewRecords recorded(const PrefixBatches::Batch& batch);
  void keep(const PrefixBatches::Batch& batch);

  Extraction& work_;
  PrefixBatches batches_;
  std::vector<std::byte> records_;  // of a batch, as they are kept
  std::vector<std::size_t> lengths_;
};

}  // namespace enxerto
