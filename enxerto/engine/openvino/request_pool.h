#pragma once
#include <condition_variable>
#include <mutex>
#include <openvino/runtime/compiled_model.hpp>
#include <openvino/runtime/infer_request.hpp>
#include <vector>

namespace enxerto {

/// At most `limit` requests of a compiled model, made when first needed, each lent to one caller at a time.
class RequestPool {
 public:
  RequestPool(ov::CompiledModel model, int limit) : model_(std::move(model)), free_slots_(limit) {}

  /// A request that is the holder's alone until the lease ends; waits until one is free.
  class Lease {
   public:
    explicit Lease(RequestPool& pool) : pool_(pool), request_(pool.take()) {}
    ~Lease() { pool_.give_back(std::move(request_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ov::InferRequest* operator->() { return &request_; }

   private:
    RequestPool& pool_;
    ov::InferRequest request_;
  };

 private:
  ov::InferRequest take();
  void give_back(ov::InferRequest request);

  ov::CompiledModel model_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<ov::InferRequest> idle_;
  int free_slots_;  // requests that may still be made
};

}  // namespace enxerto
