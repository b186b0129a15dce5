#include "enxerto/engine/openvino/request_pool.h"

namespace enxerto {

ov::InferRequest RequestPool::take() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [&] { return !idle_.empty() || free_slots_ > 0; });
  if (idle_.empty()) {
    ov::InferRequest made = model_.create_infer_request();
    --free_slots_;
    return made;
  }
  // The last one given back: its memory is still in the caches.
  ov::InferRequest request = std::move(idle_.back());
  idle_.pop_back();
  return request;
}

void RequestPool::give_back(ov::InferRequest request) {
  {
    std::lock_guard lock(mutex_);
    idle_.push_back(std::move(request));
  }
  returned_.notify_one();
}

}  // namespace enxerto
