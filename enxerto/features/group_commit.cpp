#include "enxerto/features/group_commit.h"

#include <algorithm>
#include <chrono>

namespace enxerto {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kShortestPause{50};
constexpr int kPauseForCommit = 4;  // commits take at most a fifth of the thread's time, however slow the disk

}  // namespace

GroupCommit::GroupCommit(std::function<void(const std::vector<IndexEntry>&)> commit)
    : commit_(std::move(commit)), thread_([this] { work(); }) {}

GroupCommit::~GroupCommit() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = urgent_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void GroupCommit::rethrow() {
  if (failure_) std::rethrow_exception(failure_);
}

void GroupCommit::add(std::span<const IndexEntry> entries) {
  {
    const std::lock_guard lock(mutex_);
    rethrow();
    pending_.insert(pending_.end(), entries.begin(), entries.end());
  }
  changed_.notify_all();
}

void GroupCommit::finish() {
  std::unique_lock lock(mutex_);
  urgent_ = true;
  changed_.notify_all();
  changed_.wait(lock, [&] { return failure_ || (pending_.empty() && !committing_); });
  urgent_ = false;
  rethrow();
}

void GroupCommit::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return ended_ || !pending_.empty(); });
    if (pending_.empty() || failure_) return;
    std::vector<IndexEntry> entries;
    entries.swap(pending_);
    committing_ = true;
    lock.unlock();
    const Clock::time_point begin = Clock::now();
    std::exception_ptr failure;
    try {
      commit_(entries);
    } catch (...) {
      failure = std::current_exception();
    }
    const Clock::duration pause = std::max<Clock::duration>(kShortestPause, (Clock::now() - begin) * kPauseForCommit);
    lock.lock();
    committing_ = false;
    failure_ = failure;
    changed_.notify_all();
    if (failure_) return;
    changed_.wait_for(lock, pause, [&] { return urgent_; });
  }
}

}  // namespace enxerto
