#include "enxerto/download/retries.h"

#include <algorithm>
#include <random>
#include <thread>

#include "enxerto/download/http_error.h"

namespace enxerto {
namespace {

constexpr std::chrono::milliseconds kLook{20};  // how long a cancellation may go unseen
constexpr int kMostDoublings = 20;

}  // namespace

bool Retries::another(const HttpAnswer& answer) {
  return may_pass(answer) && ++failures_ < options_.attempts && answer.retry_after <= options_.longest_wait;
}

void Retries::wait(const HttpAnswer& answer, const Progress& progress) const {
  using std::chrono::milliseconds;
  // By chance, so that many programs that were refused together do not come back together.
  std::random_device random;
  const double stretch = 1 + 0.5 * static_cast<double>(random() % 1024U) / 1024;
  const int doublings = std::clamp(failures_ - 1, 0, kMostDoublings);
  const double waited = static_cast<double>(options_.first_wait.count()) * static_cast<double>(1 << doublings);
  const milliseconds own(
      static_cast<milliseconds::rep>(std::min(waited * stretch, static_cast<double>(options_.longest_wait.count()))));
  const auto until = std::chrono::steady_clock::now() + std::max<milliseconds>(own, answer.retry_after);
  do {
    throw_if_cancelled(progress);
    const auto left = until - std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::clamp<std::chrono::nanoseconds>(left, milliseconds(0), kLook));
  } while (std::chrono::steady_clock::now() < until);
}

}  // namespace enxerto
