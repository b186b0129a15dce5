#pragma once
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "enxerto/base/hash.h"

namespace enxerto {

/// An entry of a space's index.
struct IndexEntry {
  Hash128 content;
  std::uint64_t row = 0, checksum = 0;
  std::uint64_t bytes = 0;  ///< of the record
};

/// Commits entries on a thread of its own: all that came while the last commit waited for the disk go into the next
/// one, so those who add never wait, and a kill loses a fraction of a second. Safe from many threads.
class GroupCommit {
 public:
  /// `commit` makes entries durable; it is called from one thread at a time.
  explicit GroupCommit(std::function<void(const std::vector<IndexEntry>&)> commit);
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  /// Throws what an earlier commit threw.
  void add(std::span<const IndexEntry> entries);

  /// Waits until everything added is committed. Throws what a commit threw.
  void finish();

 private:
  void work();
  void rethrow();

  std::function<void(const std::vector<IndexEntry>&)> commit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<IndexEntry> pending_;
  bool committing_ = false, urgent_ = false, ended_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace enxerto
