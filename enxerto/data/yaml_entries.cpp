#include "enxerto/data/yaml_entries.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/data/walk.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"
#include "enxerto/files/require_utf8.h"

namespace enxerto {
namespace {

[[noreturn]] void fail_at(const std::string& where, std::size_t line, std::string found, std::string expected) {
  throw data_error(fmt::format("{}:{}", where, line), std::move(found), std::move(expected));
}

class YamlReader {
 public:
  YamlReader(std::string_view text, std::string where) : where_(std::move(where)) {
    require_utf8(text, where_);
    for_each_line(text, [&](std::string_view line, std::size_t) {
      lines_.emplace_back(line.substr(0, find_outside_quotes(line, "#")));
    });
  }

  std::map<std::string, YamlEntry> read() {
    while (next_ < lines_.size()) {
      const std::string line = lines_[next_++];
      const bool indented = !line.empty() && (line[0] == ' ' || line[0] == '\t');
      if (trimmed_yaml(line).empty() || indented || line.starts_with("---") || line.starts_with("- ")) continue;
      const std::size_t colon = find_outside_quotes(line, ":");
      if (colon == std::string::npos) fail(next_, fmt::format("'{}'", trimmed_yaml(line)), "key: value");
      YamlEntry entry{.key = unquoted(line.substr(0, colon)),
                      .line = next_,
                      .value = std::string(trimmed_yaml(line.substr(colon + 1)))};
      fill(entry);
      entries_[entry.key] = std::move(entry);
    }
    return std::move(entries_);
  }

 private:
  [[noreturn]] void fail(std::size_t line, std::string found, std::string expected) const {
    fail_at(where_, line, std::move(found), std::move(expected));
  }

  void fill(YamlEntry& entry) {
    if (entry.value.starts_with('[') || entry.value.starts_with('{')) return bracketed(entry);
    if (!entry.value.empty()) return;
    while (next_ < lines_.size()) {
      const std::string& line = lines_[next_];
      const std::string_view item = trimmed_yaml(line);
      if (!item.empty() && line[0] != ' ' && line[0] != '\t' && !item.starts_with('-')) break;
      ++next_;
      if (item == "-") fail(next_, "'-' without a value", "a value after it");
      if (!item.empty()) entry.items.emplace_back(item.starts_with("- ") ? trimmed_yaml(item.substr(2)) : item);
    }
  }

  void bracketed(YamlEntry& entry) {
    const char end = entry.value[0] == '[' ? ']' : '}';
    std::string text = entry.value.substr(1);
    std::size_t at = find_outside_quotes(text, std::string_view(&end, 1));
    while (at == std::string::npos) {
      if (next_ == lines_.size())
        fail(entry.line, fmt::format("'{}' begins a list that does not end", entry.key), std::string(1, end));
      text += " " + lines_[next_++];
      at = find_outside_quotes(text, std::string_view(&end, 1));
    }
    entry.value.clear();
    std::string_view left = std::string_view(text).substr(0, at);
    while (!trimmed_yaml(left).empty()) {
      const std::size_t comma = find_outside_quotes(left, ",");
      entry.items.emplace_back(trimmed_yaml(left.substr(0, comma)));
      left = comma == std::string_view::npos ? std::string_view{} : left.substr(comma + 1);
    }
  }

  std::string where_;
  std::vector<std::string> lines_;
  std::size_t next_ = 0;
  std::map<std::string, YamlEntry> entries_;
};

}  // namespace

std::string yaml_text(const std::string& path) {
  std::error_code none;
  const bool is_yaml = (path.ends_with(".yaml") || path.ends_with(".yml")) && is_file(path) &&
                       std::filesystem::file_size(path, none) <= kMostYamlBytes && !none;
  return is_yaml ? read_text(path, kMostYamlBytes) : std::string();
}

bool has_yaml_key(std::string_view text, std::string_view key) {
  const std::string words = fmt::format("{}:", key);
  return text.starts_with(words) || text.find("\n" + words) != std::string_view::npos;
}

std::string yaml_in(const std::string& folder, bool (*is)(const std::string& path)) {
  for (const std::string& name : readable_entries(folder).files)
    if (std::string path = fmt::format("{}/{}", folder, name); is(path)) return path;
  return "";
}

std::string_view trimmed_yaml(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::size_t find_outside_quotes(std::string_view text, std::string_view characters) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if ((c == '"' || c == '\'') &&
               (i == 0 || std::string_view(" [{,:\t").find(text[i - 1]) != std::string_view::npos)) {
      quote = c;
    } else if (characters.find(c) != std::string_view::npos &&
               (c != '#' || i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t')) {
      return i;
    }
  }
  return std::string_view::npos;
}

std::string unquoted(std::string_view text) {
  text = trimmed_yaml(text);
  if (text.size() < 2 || text.front() != text.back() || (text.front() != '"' && text.front() != '\''))
    return std::string(text);
  return std::string(text.substr(1, text.size() - 2));
}

YamlEntries::YamlEntries(std::string_view text, std::string_view where)
    : where_(where), entries_(YamlReader(text, where_).read()) {}

const YamlEntry* YamlEntries::find(const std::string& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

void YamlEntries::fail(std::size_t line, std::string found, std::string expected) const {
  fail_at(where_, line, std::move(found), std::move(expected));
}

}  // namespace enxerto
