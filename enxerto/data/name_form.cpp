#include "enxerto/data/name_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <utility>

#include "enxerto/base/lower_case.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/decompositions.h"

namespace enxerto {
namespace {

constexpr std::uint32_t kHangul = 0xAC00, kHangulEnd = 0xD7A4, kLead = 0x1100, kVowel = 0x1161, kTail = 0x11A7;
constexpr std::uint32_t kVowels = 21, kTails = 28;

/// The letter of `length` bytes at the front of `text`, where these are two or three, as those that are made of others
/// have; else 0.
std::uint32_t code_at(std::string_view text, std::size_t length) {
  if (length != 2 && length != 3) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::uint32_t code = byte(0) & (length == 3 ? 0x0F : 0x1F);
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte(i) & 0x3F);
  return code;
}

/// False where the letter is made of nothing else.
bool append_parts(std::uint32_t code, std::string& text) {
  if (code >= kHangul && code < kHangulEnd) {
    const std::uint32_t index = code - kHangul, tail = index % kTails;
    text += point_text(kLead + index / kTails / kVowels);
    text += point_text(kVowel + index / kTails % kVowels);
    if (tail != 0) text += point_text(kTail + tail);
    return true;
  }
  const auto table = decompositions();
  const auto found =
      std::ranges::lower_bound(table, code, {}, [](const Decomposition& row) -> std::uint32_t { return row.letter; });
  if (found == table.end() || found->letter != code) return false;
  for (const char16_t part : found->parts) text += point_text(part);
  return true;
}

std::string look_of(std::string_view name) {
  const std::size_t begin = name.find_first_not_of(" \t"), end = name.find_last_not_of(" \t");
  if (begin == std::string_view::npos) return "";
  return lower_case(canonical_form(name.substr(begin, end - begin + 1)));
}

}  // namespace

std::string canonical_form(std::string_view name) {
  std::string form;
  for (std::size_t i = 0, length = 1; i < name.size(); i += length) {
    length = std::max<std::size_t>(utf8_length(name.substr(i)), 1);
    const std::uint32_t code = code_at(name.substr(i), length);
    if (code == 0 || !append_parts(code, form)) form.append(name, i, length);
  }
  return form;
}

std::optional<std::size_t> find_name(std::span<const std::string> names, std::string_view wanted) {
  const auto exact = std::ranges::find(names, wanted);
  if (exact != names.end()) return static_cast<std::size_t>(exact - names.begin());
  const std::string form = canonical_form(wanted);
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (canonical_form(names[i]) != form) continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

std::optional<std::pair<std::string, std::string>> first_look_alikes(std::span<const std::string> names) {
  std::unordered_map<std::string, std::string> seen;
  for (const std::string& name : names)
    if (const auto [first, is_new] = seen.emplace(look_of(name), name); !is_new) return std::pair(first->second, name);
  return std::nullopt;
}

void notice_look_alikes(std::span<const std::string> names, Progress& progress) {
  std::unordered_map<std::string, std::string> seen;
  for (const std::string& name : names) {
    const auto [first, is_new] = seen.emplace(look_of(name), name);
    if (is_new && (name.starts_with(' ') || name.ends_with(' ')))
      progress.notice(fmt::format("the class '{}' is called so with the space at its {}", name,
                                  name.starts_with(' ') ? "beginning" : "end"));
    if (is_new) continue;
    const bool same_letters = canonical_form(first->second) == canonical_form(name);
    progress.notice(fmt::format("'{}' and '{}' are two names that look the same{}: rename one if they are one class",
                                first->second, name,
                                same_letters ? " (their accents have different Unicode forms)" : ""));
  }
}

}  // namespace enxerto
