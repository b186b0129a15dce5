#include "named_files.h"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <system_error>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"

namespace enxerto::cli {
namespace {

/// Control characters, which files of other kinds than text have everywhere; NUL may end names.
bool has_control_characters(std::string_view bytes) {
  return std::ranges::any_of(
      bytes, [](char c) { return (c > '\0' && c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == '\x7F'; });
}

std::vector<std::filesystem::path> listed_files() {
  std::vector<std::filesystem::path> files;
  const std::string all{std::istreambuf_iterator<char>(std::cin), {}};
  std::istringstream lines{std::string(without_byte_order_mark(all))};
  const char end = all.find('\0') == std::string::npos ? '\n' : '\0';  // as `find -print0` ends names
  for (std::string line; std::getline(lines, line, end);) {
    if (line.ends_with('\r') && !std::filesystem::exists(line)) line.pop_back();
    if (!line.empty()) files.emplace_back(line);
  }
  std::error_code none;
  if (!files.empty() && !std::filesystem::exists(files.front(), none) && has_control_characters(all))
    throw data_error("standard input", "the contents of a file", "names: one file or folder per line",
                     "name the file itself in place of -");
  if (files.empty()) throw data_error("standard input", "no names", "one file or folder per line");
  return files;
}

}  // namespace

std::vector<std::filesystem::path> named_files(const std::vector<std::string>& words) {
  std::vector<std::filesystem::path> files;
  for (const std::string& word : words) {
    if (word == "-")
      std::ranges::move(listed_files(), std::back_inserter(files));
    else
      files.emplace_back(word);
  }
  return files;
}

}  // namespace enxerto::cli
