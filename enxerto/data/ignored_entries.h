#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/progress.h"

namespace enxerto {

/// Why a scan ignores something, in singular and plural: "hidden entry", "hidden entries".
struct IgnoredKind {
  std::string kind, kinds;
  std::string ending = {};  ///< ".txt": those of a kind are counted by it too; "": they are not
};

/// Collects what a scan ignores and reports it in one notice per kind: "ignored 3 hidden entries: a, b, c", "ignored 40
/// files that are not pictures (30 .txt, 10 .xml): a/1.txt, a/2.txt, a/3.txt, ...".
class IgnoredEntries {
 public:
  void add(const IgnoredKind& kind, std::string_view name);

  /// All that `other` has collected.
  void add(const IgnoredEntries& other);

  /// Files of this ending, ".txt".
  std::size_t count_of_ending(std::string_view ending) const;

  void report(Progress& progress) const;

 private:
  struct Entries {
    std::string kind;
    std::size_t count = 0;
    std::map<std::string, std::size_t> endings;
    std::vector<std::string> first;
  };
  static std::string by_ending(const Entries& entries);
  std::map<std::string, Entries, std::less<>> kinds_;
};

/// `name` on one line and in UTF-8: control characters and bytes that are not UTF-8 as \xNN.
std::string printable(std::string_view name);

}  // namespace enxerto
