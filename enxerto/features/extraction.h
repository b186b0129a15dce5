#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/features/batches.h"
#include "enxerto/features/contents.h"
#include "enxerto/features/extract.h"
#include "enxerto/features/row_key.h"
#include "enxerto/features/row_store.h"

namespace enxerto {

/// One call of `extract`: what the workers share. Each position's content and place are written by one worker only.
class Extraction {
 public:
  Extraction(const Dataset& dataset, const FeatureSource& source, const ExtractOptions& options, Progress& progress);

  Extracted run();

 private:
  friend class ExtractionWorker;
  struct ContentHash {
    std::size_t operator()(const Hash128& hash) const { return static_cast<std::size_t>(hash.low); }
  };

  void look_up();
  Hash128 key(const Hash128& content) const { return keys_.of(content); }
  void compute();
  Extracted collect();

  /// Up to `count` positions in their order; empty at the end, or where the work is to stop.
  std::span<const std::uint32_t> next(std::size_t count);

  /// True for the first who asks: that worker makes the row of this content.
  bool claim(const Hash128& content, std::size_t position);
  void skip(std::size_t position, const Error& error);
  std::string reason_against(std::size_t position, std::size_t source) const;
  void doubt(std::size_t position, std::string reason);
  void tell_doubts();

  const Dataset& dataset_;
  const FeatureSource& source_;
  const ExtractOptions& options_;
  Progress& progress_;
  int threads_;
  RowKeys keys_;
  BatchPrefix prefix_;
  std::shared_ptr<RowStore> store_;
  NewHashes new_hashes_;
  std::vector<Hash128> contents_;  // zero where not known
  std::vector<RowPlace> places_;
  std::vector<std::uint32_t> todo_;
  std::atomic<std::size_t> next_todo_ = 0, computed_ = 0, repaired_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::unordered_map<Hash128, std::uint32_t, ContentHash> owners_;
  std::map<std::size_t, ErrorText> bad_;
  std::map<std::size_t, std::string> doubtful_;
};

}  // namespace enxerto
