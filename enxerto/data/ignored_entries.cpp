#include "enxerto/data/ignored_entries.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "enxerto/base/quantity.h"
#include "enxerto/base/utf8.h"

namespace enxerto {
namespace {

constexpr std::size_t kEntriesNamed = 3;
constexpr std::size_t kEndingsNamed = 6;

}  // namespace

void IgnoredEntries::add(const IgnoredKind& kind, std::string_view name) {
  Entries& entries = kinds_[kind.kinds];
  entries.kind = kind.kind;
  if (!kind.ending.empty()) ++entries.endings[printable(kind.ending)];
  if (entries.count++ < kEntriesNamed) entries.first.push_back(printable(name));
}

void IgnoredEntries::add(const IgnoredEntries& other) {
  for (const auto& [kinds, entries] : other.kinds_) {
    Entries& mine = kinds_[kinds];
    mine.kind = entries.kind;
    mine.count += entries.count;
    for (const auto& [ending, count] : entries.endings) mine.endings[ending] += count;
    for (const std::string& name : entries.first) {
      if (mine.first.size() < kEntriesNamed) mine.first.push_back(name);
    }
  }
}

std::size_t IgnoredEntries::count_of_ending(std::string_view ending) const {
  std::size_t count = 0;
  for (const auto& [kinds, entries] : kinds_) {
    const auto found = entries.endings.find(std::string(ending));
    if (found != entries.endings.end()) count += found->second;
  }
  return count;
}

std::string IgnoredEntries::by_ending(const Entries& entries) {
  if (entries.endings.empty() || entries.count <= kEntriesNamed) return "";
  std::vector<std::pair<std::string, std::size_t>> sorted(entries.endings.begin(), entries.endings.end());
  std::ranges::stable_sort(sorted, [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> counts;
  std::size_t others = 0;
  for (const auto& [ending, count] : sorted) {
    if (counts.size() < kEndingsNamed)
      counts.push_back(fmt::format("{} {}", count, ending));
    else
      others += count;
  }
  if (others > 0) counts.push_back(fmt::format("{} others", others));
  return fmt::format(" ({})", fmt::join(counts, ", "));
}

void IgnoredEntries::report(Progress& progress) const {
  for (const auto& [kinds, entries] : kinds_)
    progress.notice(fmt::format("ignored {}{}: {}{}", counted(entries.count, entries.kind, kinds), by_ending(entries),
                                fmt::join(entries.first, ", "), entries.count > entries.first.size() ? ", ..." : ""));
}

std::string printable(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size();) {
    const auto byte = static_cast<unsigned char>(name[i]);
    const std::size_t length = utf8_length(name.substr(i));
    const bool upper = length == 2 && byte == 0xC2 && static_cast<unsigned char>(name[i + 1]) < 0xA0;
    if (length == 0 || byte < 0x20 || byte == 0x7F || upper) {
      text += fmt::format("\\x{:02x}", byte);
      if (upper) text += fmt::format("\\x{:02x}", static_cast<unsigned char>(name[i + 1]));
      i += upper ? 2 : 1;
      continue;
    }
    text.append(name, i, length);
    i += length;
  }
  return text;
}

}  // namespace enxerto
