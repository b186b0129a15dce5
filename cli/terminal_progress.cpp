#include "terminal_progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <string>

#include <fmt/core.h>

#include "option_name.h"
#include "signals.h"
#include "standard_error.h"
#include "text.h"

namespace enxerto::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr int kDefaultWidth = 80;

int terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return kDefaultWidth;
}

bool is_dumb() {
  const char* term = std::getenv("TERM");
  return term == nullptr || std::string_view(term) == "dumb";
}

bool wants_colour() { return std::getenv("NO_COLOR") == nullptr; }

std::string clock_text(double seconds) {
  const auto whole = std::lround(seconds);
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

class TerminalProgress final : public Progress {
 public:
  explicit TerminalProgress(const TerminalOptions& options)
      : quiet_(options.quiet),
        draws_(!options.quiet && isatty(STDERR_FILENO) == 1 && !is_dumb()),
        colour_(wants_colour()) {}

  void begin(std::string_view part, std::size_t total) override {
    const std::lock_guard lock(mutex_);
    part_ = part;
    total_ = total;
    done_ = 0;
    started_ = last_drawn_ = Clock::now();
    open_ = true;
  }

  void advance(std::size_t steps) override {
    const std::size_t done = done_.fetch_add(steps) + steps;
    if (!draws_) return;
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock || Clock::now() - last_drawn_ < kRedraw) return;
    draw(done);
  }

  void end() override {
    const std::lock_guard lock(mutex_);
    if (!open_) return;
    open_ = false;
    if (quiet_) return;
    erase();
    const double seconds = elapsed();
    const std::size_t done = done_;
    if (done == 0) return;
    tell(fmt::format("{}: {} in {:.1f} s ({:.0f}/s)\n", part_, done, seconds,
                     static_cast<double>(done) / std::max(seconds, 1e-9)));
  }

  void result(std::string_view text) override {
    if (quiet_) return;
    const std::lock_guard lock(mutex_);
    open_ = false;
    erase();
    tell(on_terminal(fmt::format("{}\n", with_options(std::string(text)))));
  }

  void notice(std::string_view text) override {
    if (quiet_) return;
    const std::lock_guard lock(mutex_);
    erase();
    tell(fmt::format(
        "{} {}\n", draws_ && colour_ ? "\033[33mnote:\033[0m" : "note:", on_terminal(with_options(std::string(text)))));
  }

  bool cancelled() const override { return stop_signal() != 0; }

 private:
  double elapsed() const { return std::chrono::duration<double>(Clock::now() - started_).count(); }

  void erase() {
    if (!draws_ || !drawn_) return;
    tell("\r\033[K");
    drawn_ = false;
  }

  void draw(std::size_t done) {
    last_drawn_ = Clock::now();
    drawn_ = true;
    const double rate = static_cast<double>(done) / std::max(elapsed(), 1e-9);
    if (total_ == 0) {
      tell(fmt::format("\r{} {}  {:.0f}/s\033[K", part_, done, rate));
    } else {
      const std::size_t shown = std::min(done, total_);
      const double share = static_cast<double>(shown) / static_cast<double>(total_);
      const std::string figures = fmt::format("{:3.0f} %  {}/{}  {:.0f}/s  {} left", share * 100, shown, total_, rate,
                                              clock_text(static_cast<double>(total_ - shown) / rate));
      const int room = std::clamp(terminal_width() - static_cast<int>(part_.size() + figures.size()) - 6, 0, 40);
      const int filled = static_cast<int>(share * room);
      std::string bar;
      for (int i = 0; i < room; ++i) bar += i < filled ? "█" : "░";
      tell(fmt::format("\r{} {} {}\033[K", part_, bar, figures));
    }
  }

  const bool quiet_, draws_, colour_;
  std::mutex mutex_;
  std::string part_;
  std::size_t total_ = 0;
  std::atomic<std::size_t> done_{0};
  Clock::time_point started_, last_drawn_;
  bool open_ = false, drawn_ = false;
};

}  // namespace

std::unique_ptr<Progress> terminal_progress(const TerminalOptions& options) {
  return std::make_unique<TerminalProgress>(options);
}

}  // namespace enxerto::cli
