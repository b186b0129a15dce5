#include "enxerto/data/ignored_entries.h"

#include <fmt/format.h>

#include "enxerto/base/quantity.h"

namespace enxerto {
namespace {

constexpr std::size_t kNamed = 3;

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
