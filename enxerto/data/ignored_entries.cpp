#include "enxerto/data/ignored_entries.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "enxerto/base/quantity.h"

namespace enxerto {
namespace {

constexpr std::size_t kNamed = 3;
constexpr std::size_t kEndings = 6;

/// Length of the UTF-8 sequence at the front of `text`; 0 where there is none (RFC 3629: shortest forms, no
/// surrogates).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF5 ? 0 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool beyond = (lead == 0xED && byte(1) >= 0xA0) || (lead == 0xF4 && byte(1) >= 0x90);
  return overlong || beyond ? 0 : length;
}

}  // namespace

void IgnoredEntries::add(const IgnoredKind& kind, std::string_view name) {
  Entries& entries = kinds_[kind.kinds];
  entries.kind = kind.kind;
  if (!kind.ending.empty()) ++entries.endings[printable(kind.ending)];
  if (entries.count++ < kNamed) entries.first.push_back(printable(name));
}

void IgnoredEntries::add(const IgnoredEntries& other) {
  for (const auto& [kinds, entries] : other.kinds_) {
    Entries& mine = kinds_[kinds];
    mine.kind = entries.kind;
    mine.count += entries.count;
    for (const auto& [ending, count] : entries.endings) mine.endings[ending] += count;
    for (const std::string& name : entries.first) {
      if (mine.first.size() < kNamed) mine.first.push_back(name);
    }
  }
}

std::string IgnoredEntries::by_ending(const Entries& entries) {
  if (entries.endings.empty() || entries.count <= kNamed) return "";
  std::vector<std::pair<std::string, std::size_t>> sorted(entries.endings.begin(), entries.endings.end());
  std::ranges::stable_sort(sorted, [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> counts;
  std::size_t others = 0;
  for (const auto& [ending, count] : sorted) {
    if (counts.size() < kEndings)
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
    if (length == 0 || byte < 0x20 || byte == 0x7F) {
      text += fmt::format("\\x{:02x}", byte);
      ++i;
      continue;
    }
    text.append(name, i, length);
    i += length;
  }
  return text;
}

}  // namespace enxerto
