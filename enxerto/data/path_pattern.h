#pragma once
#include <memory>
#include <string>

namespace re2 {
class RE2;
}

namespace enxerto {

/// A regular expression with one capture over the paths of files, matched in time linear in the path (RE2).
class PathPattern {
 public:
  /// Throws Error{usage} naming `key` for what is no regular expression, or one without exactly one capture.
  PathPattern(const std::string& pattern, const std::string& key);
  ~PathPattern();
  PathPattern(const PathPattern&) = delete;
  PathPattern& operator=(const PathPattern&) = delete;

  /// What the capture finds; "" where the pattern does not fit.
  std::string captured(const std::string& path) const;

 private:
  std::unique_ptr<const re2::RE2> regex_;
};

}  // namespace enxerto
