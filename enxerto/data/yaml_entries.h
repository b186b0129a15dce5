#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// One key and what is behind it.
struct YamlEntry {
  std::string key;
  std::size_t line = 0;
  std::string value = {};               ///< behind the colon, or "" where it goes on in the lines below
  std::vector<std::string> items = {};  ///< of a list, or of a table as "key: value"
};

/// What data sets' .yaml files are made of: keys with a value, a list or a table of one level below, in lines or in
/// brackets; comments and quotes as in YAML. No anchors, no texts of several lines.
class YamlEntries {
 public:
  /// `where` is what errors call the file. Throws Error{data} naming the line.
  YamlEntries(std::string_view text, std::string_view where);

  /// nullptr where there is none.
  const YamlEntry* find(const std::string& key) const;

  /// Throws Error{data} naming the line.
  [[noreturn]] void fail(std::size_t line, std::string found, std::string expected) const;

 private:
  std::string where_;
  std::map<std::string, YamlEntry> entries_;
};

inline constexpr std::size_t kMostYamlBytes = 1 << 22;

/// The text of a file called .yaml or .yml; empty where it is no such file, or larger than those of data sets are.
std::string yaml_text(const std::string& path);

/// Whether the text has this key at its margin.
bool has_yaml_key(std::string_view text, std::string_view key);

/// The path of the first file in a folder that `is` knows; "": none.
std::string yaml_in(const std::string& folder, bool (*is)(const std::string& path));

/// Without blanks at both ends.
std::string_view trimmed_yaml(std::string_view text);

/// Where the first of these characters stands outside of quotes; npos: nowhere.
std::size_t find_outside_quotes(std::string_view text, std::string_view characters);

/// Trimmed, and without the quotes around it.
std::string unquoted(std::string_view text);

}  // namespace enxerto
