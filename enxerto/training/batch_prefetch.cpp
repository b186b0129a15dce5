#include "enxerto/training/batch_prefetch.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace enxerto {
namespace {

constexpr std::size_t kAhead = 2;

}  // namespace

struct BatchPrefetch::State {
  struct Made {
    std::vector<TrainBatch> micro_batches;
    std::exception_ptr error;
  };

  BatchSource& source;
  std::vector<MicroBatches> batches;
  std::uint64_t epoch;
  std::size_t asked;  // number of the batch that is asked for next

  std::mutex mutex = {};
  std::condition_variable made_one = {}, took_one = {};
  std::deque<Made> ready = {};
  bool stop = false;
  std::thread worker = {};

  std::vector<TrainBatch> make(std::size_t number) {
    std::vector<TrainBatch> micro_batches;
    micro_batches.reserve(batches[number].size());
    for (const auto& examples : batches[number]) micro_batches.push_back(source.get(examples, epoch));
    return micro_batches;
  }

  Made try_make(std::size_t number) {
    try {
      return {.micro_batches = make(number), .error = nullptr};
    } catch (...) {
      return {.micro_batches = {}, .error = std::current_exception()};
    }
  }

  void work(std::size_t first) {
    for (std::size_t i = first; i < batches.size(); ++i) {
      {
        std::unique_lock lock(mutex);
        took_one.wait(lock, [&] { return stop || ready.size() < kAhead; });
        if (stop) return;
      }
      Made made = try_make(i);
      const bool failed = made.error != nullptr;
      {
        const std::lock_guard lock(mutex);
        ready.push_back(std::move(made));
      }
      made_one.notify_one();
      if (failed) return;
    }
  }

  Made take() {
    std::unique_lock lock(mutex);
    made_one.wait(lock, [&] { return !ready.empty(); });
    Made made = std::move(ready.front());
    ready.pop_front();
    lock.unlock();
    took_one.notify_one();
    return made;
  }
};

BatchPrefetch::BatchPrefetch(BatchSource& source, std::vector<MicroBatches> batches, std::uint64_t epoch,
                             std::size_t first)
    : state_(new State{.source = source, .batches = std::move(batches), .epoch = epoch, .asked = first}) {
  if (source.is_quick() || state_->batches.size() < first + 2) return;
  state_->worker = std::thread([state = state_.get(), first] { state->work(first); });
}

BatchPrefetch::~BatchPrefetch() {
  if (!state_->worker.joinable()) return;
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->took_one.notify_one();
  state_->worker.join();
}

const std::vector<MicroBatches>& BatchPrefetch::batches() const { return state_->batches; }

std::vector<TrainBatch> BatchPrefetch::next() {
  const std::size_t number = state_->asked++;
  if (!state_->worker.joinable()) return state_->make(number);
  State::Made made = state_->take();
  if (made.error) std::rethrow_exception(made.error);
  return std::move(made.micro_batches);
}

}  // namespace enxerto
