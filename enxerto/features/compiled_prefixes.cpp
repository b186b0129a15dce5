#include "enxerto/features/compiled_prefixes.h"

#include <algorithm>

namespace enxerto {
namespace {

constexpr std::size_t kKept = 2;  // one of each precision

}  // namespace

std::shared_ptr<Executor> CompiledPrefixes::get(const Hash128& key,
                                                const std::function<std::shared_ptr<Executor>()>& make) {
  const std::lock_guard lock(mutex_);
  const auto known = std::ranges::find(last_, key, [](const auto& entry) { return entry.first; });
  if (known != last_.end()) return known->second;
  if (last_.size() == kKept) last_.erase(last_.begin());
  return last_.emplace_back(key, make()).second;
}

}  // namespace enxerto
