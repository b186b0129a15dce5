#include "enxerto/data/ignored_entries.h"

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/base/utf8.h"

namespace enxerto {
namespace {

constexpr std::size_t kNamed = 3;

}  // namespace

void IgnoredEntries::add(std::string_view kind, std::string_view kinds, std::string_view name) {
  auto found = kinds_.find(kinds);
  if (found == kinds_.end())
    found = kinds_.emplace(std::string(kinds), Entries{.kind = std::string(kind), .count = 0, .first = {}}).first;
  if (found->second.count++ < kNamed) found->second.first.push_back(printable(name));
}

void IgnoredEntries::add(const IgnoredEntries& other) {
  for (const auto& [kinds, entries] : other.kinds_) {
    Entries& mine = kinds_[kinds];
    mine.kind = entries.kind;
    mine.count += entries.count;
    for (const std::string& name : entries.first) {
      if (mine.first.size() < kNamed) mine.first.push_back(name);
    }
  }
}

void IgnoredEntries::report(Progress& progress) const {
  for (const auto& [kinds, entries] : kinds_)
    progress.notice(fmt::format("ignored {}: {}{}", counted(entries.count, entries.kind, kinds),
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
