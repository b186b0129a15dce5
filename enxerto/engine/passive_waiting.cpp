#include "enxerto/engine/passive_waiting.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace enxerto {
namespace {

constexpr const char* kPolicy = "OMP_WAIT_POLICY";

/// By which a user says how threads are to wait: OpenMP's own, GNU's, and those of LLVM and Intel.
constexpr std::array kSaid{kPolicy, "GOMP_SPINCOUNT", "KMP_BLOCKTIME", "KMP_LIBRARY"};

}  // namespace

PassiveWaiting::PassiveWaiting() {
  if (std::ranges::any_of(kSaid, [](const char* name) { return std::getenv(name) != nullptr; })) return;
  set_ = setenv(kPolicy, "PASSIVE", 0) == 0;
}

PassiveWaiting::~PassiveWaiting() {
  if (set_) unsetenv(kPolicy);
}

}  // namespace enxerto
