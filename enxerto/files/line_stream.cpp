#include "enxerto/files/line_stream.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostLines = 4096, kMostBytes = std::size_t{8} << 20U, kReadBytes = std::size_t{1} << 18U;
constexpr int kPatience = 200;  // milliseconds until somebody may have asked to stop

std::size_t bytes_of(const std::vector<LineStream::Line>& lines) {
  std::size_t bytes = 0;
  for (const LineStream::Line& line : lines) bytes += line.text.size();
  return bytes;
}

}  // namespace

std::vector<LineStream::Line> LineStream::next(const Progress& progress) {
  std::vector<Line> lines;
  while (true) {
    throw_if_cancelled(progress);
    cut_lines(lines);
    if (ended_ || lines.size() >= kMostLines || bytes_of(lines) >= kMostBytes) return lines;
    if (ready(lines.empty() ? kPatience : 0))
      read_some();
    else if (!lines.empty())
      return lines;
  }
}

void LineStream::finish_line(std::vector<Line>& lines, std::string text) {
  if (std::exchange(skips_, false)) return;
  ++number_;
  const bool too_long = text.size() > longest_;
  lines.push_back({.text = too_long ? "" : std::move(text), .number = number_, .too_long = too_long});
}

/// Moves whole lines from the bytes that were read to `lines`, and at the end what is left.
void LineStream::cut_lines(std::vector<Line>& lines) {
  std::size_t begin = 0;
  while (lines.size() < kMostLines) {
    const std::size_t end = bytes_.find('\n', std::max(begin, searched_));
    if (end == std::string::npos) break;
    finish_line(lines, bytes_.substr(begin, end - begin));
    searched_ = begin = end + 1;
  }
  bytes_.erase(0, begin);
  searched_ = lines.size() < kMostLines ? bytes_.size() : 0;
  if (searched_ == 0 && !bytes_.empty()) return;  // there are lines left
  if (ended_) {
    if (!bytes_.empty()) finish_line(lines, std::exchange(bytes_, {}));
    skips_ = false;
  } else if (bytes_.size() > longest_ || skips_) {
    if (!skips_) lines.push_back({.text = "", .number = ++number_, .too_long = true});
    skips_ = true;
    bytes_.clear();
  }
  searched_ = bytes_.size();
}

bool LineStream::ready(int milliseconds) const {
  pollfd file{.fd = descriptor_, .events = POLLIN, .revents = 0};
  return poll(&file, 1, milliseconds) != 0 && file.revents != 0;
}

void LineStream::read_some() {
  const std::size_t before = bytes_.size();
  bytes_.resize(before + kReadBytes);
  const ssize_t count = ::read(descriptor_, bytes_.data() + before, kReadBytes);
  const int problem = count < 0 ? errno : 0;
  bytes_.resize(before + static_cast<std::size_t>(count > 0 ? count : 0));
  if (count == 0) ended_ = true;
  if (problem != 0 && problem != EINTR && problem != EAGAIN)
    throw data_error("standard input", std::generic_category().message(problem), "lines that can be read");
}

}  // namespace enxerto
