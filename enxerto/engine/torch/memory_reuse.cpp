#include "enxerto/engine/torch/memory_reuse.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <map>
#include <mutex>
#include <unordered_map>

namespace enxerto {
namespace {

constexpr std::size_t kLarge = std::size_t{1} << 16U;  // smaller ones the C library keeps by itself

/// A block may be this much larger than what is asked for, and all blocks together than the most that was in use.
constexpr std::size_t with_slack(std::size_t bytes) { return bytes + bytes / 4; }

class ReusingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t bytes) override {
    void* const block = take(bytes);
    return {block, block, &give_back, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }

  void copy_data(void* to, const void* from, std::size_t bytes) const override { std::memcpy(to, from, bytes); }

  void add_user() {
    const std::lock_guard lock(mutex_);
    ++users_;
  }

  void remove_user() {
    const std::lock_guard lock(mutex_);
    if (--users_ > 0) return;
    shrink_kept_to(0);
    most_in_use_ = in_use_;
  }

  /// LibTorch may free its last tensors when the program's own statics are gone.
  static ReusingAllocator& only() {
    static ReusingAllocator& allocator = *new ReusingAllocator;
    return allocator;
  }

 private:
  static void give_back(void* block) { only().keep_or_free(block); }

  void* take(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (bytes < kLarge || users_ == 0) return c10::alloc_cpu(bytes);
    const auto fitting = kept_.lower_bound(bytes);
    if (fitting != kept_.end() && fitting->first <= with_slack(bytes)) {
      const auto [size, block] = *fitting;
      kept_.erase(fitting);
      kept_bytes_ -= size;
      return lend(block, size);
    }
    const std::size_t limit = with_slack(std::max(most_in_use_, in_use_ + bytes));
    shrink_kept_to(limit - std::min(limit, in_use_ + bytes));
    return lend(c10::alloc_cpu(bytes), bytes);
  }

  void* lend(void* block, std::size_t size) {
    // Another program's allocator may have freed the block of this address behind our back.
    lent_.insert_or_assign(block, size);
    in_use_ += size;
    most_in_use_ = std::max(most_in_use_, in_use_);
    return block;
  }

  /// Blocks that are not in the list are small ones, or come from before this allocator.
  void keep_or_free(void* block) {
    const std::lock_guard lock(mutex_);
    const auto found = lent_.find(block);
    if (found == lent_.end()) {
      c10::free_cpu(block);
      return;
    }
    const std::size_t size = found->second;
    lent_.erase(found);
    in_use_ -= size;
    kept_.emplace(size, block);
    kept_bytes_ += size;
    if (users_ == 0) shrink_kept_to(0);
  }

  void shrink_kept_to(std::size_t bytes) {
    while (kept_bytes_ > bytes) {
      const auto largest = std::prev(kept_.end());
      kept_bytes_ -= largest->first;
      c10::free_cpu(largest->second);
      kept_.erase(largest);
    }
  }

  std::mutex mutex_;
  int users_ = 0;
  std::unordered_map<void*, std::size_t> lent_;
  std::multimap<std::size_t, void*> kept_;
  std::size_t in_use_ = 0, kept_bytes_ = 0, most_in_use_ = 0;
};

}  // namespace

MemoryReuse::MemoryReuse() {
  static const bool once = [] {
    c10::SetAllocator(c10::DeviceType::CPU, &ReusingAllocator::only(), /*priority=*/1);
    return true;
  }();
  static_cast<void>(once);
  ReusingAllocator::only().add_user();
}

MemoryReuse::~MemoryReuse() { ReusingAllocator::only().remove_user(); }

}  // namespace enxerto
