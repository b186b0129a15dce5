#include "enxerto/data/mask_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/csv_file.h"

namespace enxerto {
namespace {

constexpr std::int64_t kLargestValue = 65535;
constexpr std::string_view kOthers = "*";

std::optional<std::int64_t> value_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

struct MaskLine {
  std::size_t number = 0;
  std::string_view text = {}, value = {}, name = {};  ///< all of it; and its two parts, where there are two
  bool numbered() const { return value == kOthers || value_of(value).has_value(); }
};

std::string_view without_quotes(std::string_view name) {
  const bool quoted = name.size() > 1 && name.front() == name.back() && (name.front() == '"' || name.front() == '\'');
  return quoted ? name.substr(1, name.size() - 2) : name;
}

MaskLine parted(std::string_view text, std::size_t number) {
  MaskLine line{.number = number, .text = text};
  const std::size_t end = text.find_first_of(" \t,;:");
  if (end == std::string_view::npos) return line;
  line.value = without_quotes(text.substr(0, end));
  const std::size_t begin = text.find_first_not_of(" \t,;:", end);
  if (begin != std::string_view::npos) line.name = without_quotes(text.substr(begin));
  return line;
}

std::vector<MaskLine> mask_lines(std::string_view text) {
  std::vector<MaskLine> lines;
  for_each_line(without_byte_order_mark(text), [&](std::string_view line, std::size_t number) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!trimmed(line).empty()) lines.push_back(parted(trimmed(line), number));
  });
  return lines;
}

}  // namespace

bool is_ignored_name(std::string_view name) {
  constexpr std::array<std::string_view, 6> kIgnored{"ignore",     "ignored", "unlabeled",
                                                     "unlabelled", "void",    "__ignore__"};
  return std::ranges::find(kIgnored, lower_case(name)) != kIgnored.end();
}

void add_mask_name(MaskNames& names, std::string_view value, std::string name, const std::string& line) {
  if (name.empty()) throw data_error(line, fmt::format("the value '{}' without a name", value), "a name behind it");
  if (value == kOthers) {
    if (names.of_others) throw data_error(line, "'*' is there twice", "one name for all other values");
    names.of_others = std::move(name);
    return;
  }
  const std::optional<std::int64_t> number = value_of(value);
  if (!number || *number < 0 || *number > kLargestValue)
    throw data_error(line, fmt::format("'{}' in the place of a value", value),
                     fmt::format("a whole number from 0 to {}, or * for all others", kLargestValue));
  if (!names.of_value.emplace(*number, std::move(name)).second)
    throw data_error(line, fmt::format("the value {} is there twice", *number), "one name for each value");
}

MaskNames parse_mask_names(std::string_view text, const std::string& where) {
  std::vector<MaskLine> lines = mask_lines(without_byte_order_mark(text));
  if (lines.empty()) throw data_error(where, "no names", "a line for each class: value and name");
  const bool rest_is_numbered = lines.size() > 1 && std::all_of(lines.begin() + 1, lines.end(),
                                                                [](const MaskLine& one) { return one.numbered(); });
  if (rest_is_numbered && !lines.front().numbered()) lines.erase(lines.begin());  // a header
  MaskNames names{.where = where};
  names.numbered = std::ranges::any_of(lines, [](const MaskLine& one) { return one.numbered(); });
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = fmt::format("{}:{}", where, lines[i].number);
    if (names.numbered)
      add_mask_name(names, lines[i].value.empty() ? lines[i].text : lines[i].value, std::string(lines[i].name), line);
    else
      add_mask_name(names, std::to_string(i), std::string(without_quotes(lines[i].text)), line);
  }
  return names;
}

}  // namespace enxerto
