#include "enxerto/data/path_pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include "enxerto/base/error.h"
#include "enxerto/data/ignored_entries.h"

namespace enxerto {

PathPattern::PathPattern(const std::string& pattern, const std::string& key) {
  RE2::Options options(RE2::Latin1);  // paths are bytes
  options.set_log_errors(false);
  regex_ = std::make_unique<const RE2>(pattern, options);
  if (regex_->ok() && regex_->NumberOfCapturingGroups() == 1) return;
  constexpr std::size_t kShown = 200;
  throw usage_error(
      key,
      fmt::format("'{}' {}", printable(pattern.substr(0, kShown)),
                  regex_->ok() ? fmt::format("has {} captures", regex_->NumberOfCapturingGroups())
                               : "is not a regular expression: " + printable(regex_->error().substr(0, kShown))),
      "a regular expression with one capture group", R"('patient(\d+)_', which finds 12 in patient12_left.png)");
}

PathPattern::~PathPattern() = default;

std::string PathPattern::captured(const std::string& path) const {
  std::string found;
  return RE2::PartialMatch(path, *regex_, &found) ? found : std::string();
}

}  // namespace enxerto
