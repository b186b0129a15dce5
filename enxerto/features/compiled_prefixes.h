#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "enxerto/base/hash.h"
#include "enxerto/engine/executor.h"

namespace enxerto {

/// The networks that extractions have compiled last, for the next one of the same prefix: to compile one costs as much
/// as some dozens of examples. Safe from many threads.
class CompiledPrefixes {
 public:
  /// The network of that key; made by `make` where it is not among them. Throws what `make` throws.
  std::shared_ptr<Executor> get(const Hash128& key, const std::function<std::shared_ptr<Executor>()>& make);

 private:
  std::mutex mutex_;
  std::vector<std::pair<Hash128, std::shared_ptr<Executor>>> last_;
};

}  // namespace enxerto
