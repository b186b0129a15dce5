#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "enxerto/features/extraction.h"

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
  std::span<const std::byte> as_stored(std::span<const float> rows);
  void run_batch();

  Extraction& work_;
  BatchInputs inputs_;  // reused: the engine is done with a batch when its call returns
  std::vector<std::size_t> positions_;
  std::vector<std::byte> stored_;  // the rows of a batch in the type that they are kept in
};

}  // namespace enxerto
