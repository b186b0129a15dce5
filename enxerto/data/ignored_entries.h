#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/progress.h"

namespace enxerto {

/// Collects what a scan ignores and reports it in one notice per kind: "ignored 3 hidden entries: a, b, c".
class IgnoredEntries {
 public:
  /// One of a kind, which is named in singular and plural: "hidden entry", "hidden entries".
  void add(std::string_view kind, std::string_view kinds, std::string_view name);

  /// All that `other` has collected.
  void add(const IgnoredEntries& other);

  void report(Progress& progress) const;

 private:
  struct Entries {
    std::string kind;
    std::size_t count = 0;
    std::vector<std::string> first;
  };
  std::map<std::string, Entries, std::less<>> kinds_;
};

/// `name` on one line and in UTF-8: control characters and bytes that are not UTF-8 as \xNN.
std::string printable(std::string_view name);

}  // namespace enxerto
