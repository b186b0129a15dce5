#pragma once
#include <chrono>

#include "enxerto/base/progress.h"
#include "enxerto/download/http.h"

namespace enxerto {

struct RetryOptions {
  int attempts = 5;                                ///< in a row without progress
  std::chrono::milliseconds first_wait{500};       ///< doubled each time, and up to half as much more by chance
  std::chrono::milliseconds longest_wait{60'000};  ///< also of what a server's Retry-After may ask for
};

/// How often a request is made again, and when: exponential back-off with jitter, or what the server asks for.
class Retries {
 public:
  explicit Retries(const RetryOptions& options) : options_(options) {}

  /// Whether `answer` is worth another attempt. False where the server asks for more patience than is allowed.
  bool another(const HttpAnswer& answer);

  /// Something came: the attempts are counted anew.
  void progressed() { failures_ = 0; }

  /// Waits before that attempt. Throws Error{interrupted} when cancelled.
  void wait(const HttpAnswer& answer, const Progress& progress) const;

 private:
  RetryOptions options_;
  int failures_ = 0;
};

}  // namespace enxerto
