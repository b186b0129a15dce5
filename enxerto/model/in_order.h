#pragma once
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace enxerto {

/// Hands out tickets 0, 1, .. to several workers and passes their results on in the order of the tickets, one at a
/// time. At most `ahead` tickets are out or waiting, so memory is bounded however unequal the work is.
template <typename T>
class InOrder {
 public:
  InOrder(std::size_t tickets, std::size_t ahead, std::function<void(T)> pass_on)
      : tickets_(tickets), ahead_(ahead), pass_on_(std::move(pass_on)) {}

  /// The next ticket, once there is room; nullopt where there is none left or the work has been stopped.
  std::optional<std::size_t> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ || next_ == tickets_ || next_ < passed_ + ahead_; });
    if (stopped_ || next_ == tickets_) return std::nullopt;
    return next_++;
  }

  /// Gives the result of a ticket. Whoever completes the row passes on all that is ready; others go on working.
  void give(std::size_t ticket, T result) {
    std::unique_lock lock(mutex_);
    ready_.emplace(ticket, std::move(result));
    if (passing_) return;
    passing_ = true;
    while (!stopped_ && !ready_.empty() && ready_.begin()->first == passed_) {
      T first = std::move(ready_.begin()->second);
      ready_.erase(ready_.begin());
      lock.unlock();
      pass_on_(std::move(first));
      lock.lock();
      ++passed_;
      changed_.notify_all();
    }
    passing_ = false;
  }

  /// No further ticket is handed out; whoever waits goes home.
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

 private:
  const std::size_t tickets_, ahead_;
  const std::function<void(T)> pass_on_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, T> ready_;
  std::size_t next_ = 0, passed_ = 0;
  bool passing_ = false, stopped_ = false;
};

}  // namespace enxerto
