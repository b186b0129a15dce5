#include "enxerto/base/threads.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "enxerto/base/cpu_quota.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

/// Cores behind the processors of the affinity mask; hyper-threads of one core count once.
int cores_of_affinity() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  if (sched_getaffinity(0, sizeof mask, &mask) != 0)
    return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  std::set<std::string> cores;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &mask)) continue;
    std::ifstream file("/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/thread_siblings_list");
    std::string siblings;
    if (!std::getline(file, siblings)) siblings = std::to_string(cpu);
    cores.insert(siblings);
  }
  return std::max(1, static_cast<int>(cores.size()));
}

}  // namespace

int usable_cores() {
  static const int cores = std::min(cores_of_affinity(), cores_of_quota());
  return cores;
}

int resolve_threads(int threads) { return threads > 0 ? threads : usable_cores(); }

void run_workers(int threads, const std::function<void(int)>& work) {
  std::vector<std::exception_ptr> errors(to_size(threads));
  const auto guarded = [&](int worker) {
    try {
      work(worker);
    } catch (...) {
      errors[to_size(worker)] = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (int worker = 1; worker < threads; ++worker) others.emplace_back(guarded, worker);
    guarded(0);
  }
  for (const auto& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

void parallel_for(int threads, std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  std::exception_ptr error;
  std::size_t error_at = count;
  const int useful =
      static_cast<int>(std::min<std::size_t>(to_size(std::max(threads, 1)), std::max<std::size_t>(count, 1)));
  run_workers(useful, [&](int) {
    while (!failed) {
      const std::size_t i = next.fetch_add(1);
      if (i >= count) return;
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (i < error_at) {
          error_at = i;
          error = std::current_exception();
        }
        failed = true;
      }
    }
  });
  if (error) std::rethrow_exception(error);
}

}  // namespace enxerto
