#pragma once
#include <cstddef>
#include <functional>

namespace enxerto {

/// Physical cores that this process may use: affinity mask and cgroup quota included, at least 1.
int usable_cores();

/// `threads` where it is positive, else `usable_cores()`.
int resolve_threads(int threads);

/// Calls `work(worker)` for worker 0 to `threads` - 1, each on a thread of its own (worker 0 on the caller's), and
/// waits for all. The first exception by worker number is thrown again.
void run_workers(int threads, const std::function<void(int worker)>& work);

/// Calls `work(i)` for i from 0 to `count` - 1 on `threads` threads, each taking the next i that is free. After an
/// exception no further i is started; the exception of the lowest i is thrown again.
void parallel_for(int threads, std::size_t count, const std::function<void(std::size_t i)>& work);

}  // namespace enxerto
