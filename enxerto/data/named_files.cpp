#include "enxerto/data/named_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/file_list.h"
#include "enxerto/data/path_pattern.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/data/walk.h"

namespace enxerto {
namespace {

/// The files of the first medium that has some there.
FileList all_files(const std::string& root, IgnoredEntries& ignored) {
  for (const MediumRow& row : media()) {
    IgnoredEntries here;
    FileList files(root, row.medium);
    add_files(root, "", 0, files, here);
    if (files.size() == 0) continue;
    ignored.add(here);
    return files;
  }
  throw data_error(printable(root), "no file of examples", "pictures, texts or sounds", "check the path");
}

}  // namespace

DataParts open_named_files(const std::string& root, const std::string& pattern, Progress& progress) {
  const PathPattern regex(pattern, "label");
  IgnoredEntries ignored;
  const FileList files = all_files(root, ignored);
  std::vector<std::string> names, classes;
  for (std::size_t i = 0; i < files.size(); ++i) names.push_back(regex.captured(files.id(i)));
  for (const std::string& name : names)
    if (!name.empty()) classes.push_back(name);
  if (classes.empty())
    throw usage_error("label", fmt::format("'{}' matches nothing in the path of any file", printable(pattern)),
                      fmt::format("a pattern that matches paths like {}", printable(files.id(0))));
  std::ranges::sort(classes);
  const auto again = std::ranges::unique(classes);
  classes.erase(again.begin(), again.end());
  FileList labelled(root, files.medium());
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::filesystem::path path(files.id(i));
    if (names[i].empty()) {
      ignored.add({.kind = "file that the label's pattern does not match",
                   .kinds = "files that the label's pattern does not match"},
                  files.id(i));
      continue;
    }
    const auto place = std::ranges::lower_bound(classes, names[i]) - classes.begin();
    labelled.add(labelled.add_folder(path.parent_path().string()), path.filename().string(), place);
  }
  ignored.report(progress);
  std::vector<std::string> shown;
  for (const std::string& name : classes) shown.push_back(printable(name));
  DataParts parts{.format = "files named by class"};
  parts.all = file_dataset(std::move(labelled), {.kind = std::string(kClassTarget), .names = std::move(shown)});
  return parts;
}

std::string pattern_for(const std::string& path, const std::string& pattern) {
  return !pattern.empty() && holds_examples(readable_entries(path)) ? pattern : "";
}

}  // namespace enxerto
