#include "enxerto/data/yolo_config.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

std::string_view bare(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// Where the first of these characters stands outside of quotes.
std::size_t find_outside(std::string_view text, std::string_view characters) {
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
  text = bare(text);
  if (text.size() < 2 || text.front() != text.back() || (text.front() != '"' && text.front() != '\''))
    return std::string(text);
  return std::string(text.substr(1, text.size() - 2));
}

/// One key and what is behind it.
struct Entry {
  std::string key;
  std::size_t line = 0;
  std::string value = {};               ///< behind the colon, or "" where it goes on in the lines below
  std::vector<std::string> items = {};  ///< of a list, or of a table as "key: value"
};

class ConfigReader {
 public:
  ConfigReader(std::string_view text, std::string_view where) : where_(where) {
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      std::string_view line = text.substr(begin, end - begin);
      line = line.substr(0, find_outside(line, "#"));
      lines_.emplace_back(line);
      begin = end + 1;
    }
  }

  std::map<std::string, Entry> read() {
    while (next_ < lines_.size()) {
      const std::string line = lines_[next_++];
      const bool indented = !line.empty() && (line[0] == ' ' || line[0] == '\t');
      if (bare(line).empty() || indented || line.starts_with("---") || line.starts_with("- ")) continue;
      const std::size_t colon = find_outside(line, ":");
      if (colon == std::string::npos) fail(next_, fmt::format("'{}'", bare(line)), "key: value");
      Entry entry{
          .key = unquoted(line.substr(0, colon)), .line = next_, .value = std::string(bare(line.substr(colon + 1)))};
      fill(entry);
      entries_[entry.key] = std::move(entry);
    }
    return std::move(entries_);
  }

  [[noreturn]] void fail(std::size_t line, std::string found, std::string expected) const {
    throw data_error(fmt::format("{}:{}", where_, line), std::move(found), std::move(expected));
  }

 private:
  void fill(Entry& entry) {
    if (entry.value.starts_with('[') || entry.value.starts_with('{')) return bracketed(entry);
    if (!entry.value.empty()) return;
    while (next_ < lines_.size()) {
      const std::string& line = lines_[next_];
      const std::string_view item = bare(line);
      if (!item.empty() && line[0] != ' ' && line[0] != '\t' && !item.starts_with('-')) break;
      ++next_;
      if (item == "-") fail(next_, "'-' without a value", "a value after it");
      if (!item.empty()) entry.items.emplace_back(item.starts_with("- ") ? bare(item.substr(2)) : item);
    }
  }

  void bracketed(Entry& entry) {
    const char end = entry.value[0] == '[' ? ']' : '}';
    std::string text = entry.value.substr(1);
    std::size_t at = find_outside(text, std::string_view(&end, 1));
    while (at == std::string::npos) {
      if (next_ == lines_.size())
        fail(entry.line, fmt::format("'{}' begins a list that does not end", entry.key), std::string(1, end));
      text += " " + lines_[next_++];
      at = find_outside(text, std::string_view(&end, 1));
    }
    entry.value.clear();
    std::string_view left = std::string_view(text).substr(0, at);
    while (!bare(left).empty()) {
      const std::size_t comma = find_outside(left, ",");
      entry.items.emplace_back(bare(left.substr(0, comma)));
      left = comma == std::string_view::npos ? std::string_view{} : left.substr(comma + 1);
    }
  }

  std::string where_;
  std::vector<std::string> lines_;
  std::size_t next_ = 0;
  std::map<std::string, Entry> entries_;
};

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// A table whose keys are the numbers 0, 1, .. in any order, or a list.
std::vector<std::string> names_of(const Entry& entry, const ConfigReader& reader) {
  std::map<std::int64_t, std::string> numbered;
  std::vector<std::string> names;
  for (const std::string& item : entry.items) {
    const std::size_t colon = find_outside(item, ":");
    const auto number =
        colon == std::string::npos ? std::nullopt : number_of(bare(std::string_view(item).substr(0, colon)));
    if (number)
      numbered[*number] = unquoted(item.substr(colon + 1));
    else
      names.push_back(unquoted(item));
  }
  if (!numbered.empty() && !names.empty()) reader.fail(entry.line, "names with and without numbers", "one of the two");
  for (auto& [number, name] : numbered) {
    if (number != static_cast<std::int64_t>(names.size()))
      reader.fail(entry.line, fmt::format("no name for the class {}", names.size()),
                  "the numbers 0, 1, .. without a gap");
    names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> paths_of(const Entry& entry) {
  std::vector<std::string> paths;
  if (!entry.value.empty()) paths.push_back(unquoted(entry.value));
  for (const std::string& item : entry.items) paths.push_back(unquoted(item));
  return paths;
}

}  // namespace

YoloConfig parse_yolo_config(std::string_view text, std::string_view where) {
  ConfigReader reader(text, where);
  const std::map<std::string, Entry> entries = reader.read();
  YoloConfig config;
  if (const auto found = entries.find("path"); found != entries.end()) config.path = unquoted(found->second.value);
  for (const auto& [key, paths] : {std::pair{"train", &config.train},
                                   {"val", &config.validation},
                                   {"validation", &config.validation},
                                   {"test", &config.test}})
    if (const auto found = entries.find(key); found != entries.end()) *paths = paths_of(found->second);
  const auto names = entries.find("names");
  if (names == entries.end()) throw data_error(std::string(where), "no names", "names: [cat, dog], one for each class");
  config.names = names_of(names->second, reader);
  if (config.names.empty()) reader.fail(names->second.line, "no names", "one for each class");
  for (std::size_t i = 0; i < config.names.size(); ++i)
    if (std::ranges::count(config.names, config.names[i]) > 1)
      reader.fail(names->second.line, fmt::format("the name '{}' appears twice", config.names[i]),
                  "a different name for each class");
  if (const auto count = entries.find("nc"); count != entries.end()) {
    const auto number = number_of(count->second.value);
    if (number != static_cast<std::int64_t>(config.names.size()))
      reader.fail(count->second.line, fmt::format("nc: {} with {} names", count->second.value, config.names.size()),
                  "a name for each class");
  }
  return config;
}

}  // namespace enxerto
