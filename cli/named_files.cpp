#include "named_files.h"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <sstream>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"

namespace enxerto::cli {
namespace {

std::vector<std::filesystem::path> listed_files() {
  std::vector<std::filesystem::path> files;
  const std::string all{std::istreambuf_iterator<char>(std::cin), {}};
  std::istringstream lines{std::string(without_byte_order_mark(all))};
  const char end = all.find('\0') == std::string::npos ? '\n' : '\0';  // as `find -print0` ends names
  for (std::string line; std::getline(lines, line, end);) {
    if (line.ends_with('\r') && !std::filesystem::exists(line)) line.pop_back();
    if (!line.empty()) files.emplace_back(line);
  }
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
