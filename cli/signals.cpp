#include "signals.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace enxerto::cli {
namespace {

std::atomic<int> stop{0};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void ask_to_stop(int signal) {
  if (stop.exchange(signal) != 0) _exit(128 + signal);
}

}  // namespace

void install_signal_handlers() {
  struct sigaction action{};
  action.sa_handler = ask_to_stop;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  struct sigaction hang_up{};
  if (sigaction(SIGHUP, nullptr, &hang_up) == 0 && hang_up.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

int stop_signal() { return stop; }

}  // namespace enxerto::cli
