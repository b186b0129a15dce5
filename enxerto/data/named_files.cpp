#include "enxerto/data/named_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/data/file_list.h"
#include "enxerto/data/part_names.h"
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

/// Which folder of all paths names a part of the data, and no class; nullopt: none, or there is only one part.
std::optional<std::size_t> place_of_parts(const std::vector<std::string>& paths,
                                          const std::vector<std::string>& names) {
  constexpr std::size_t kDeepestPart = 4;
  for (std::size_t depth = 0; depth < kDeepestPart; ++depth) {
    std::set<Part> found;
    bool all = true;
    for (std::size_t i = 0; i < paths.size() && all; ++i) {
      if (names[i].empty()) continue;
      const std::vector<std::string_view> folders = words_between(paths[i], "/");
      const auto part = depth + 1 < folders.size() ? part_named(folders[depth]) : std::nullopt;
      all = part.has_value() && names[i] != folders[depth];
      if (all) found.insert(*part);
    }
    if (all && found.size() > 1 && found.contains(Part::train)) return depth;
  }
  return std::nullopt;
}

}  // namespace

DataParts open_named_files(const std::string& root, const std::string& pattern, Progress& progress) {
  const PathPattern regex(pattern, "label");
  IgnoredEntries ignored;
  const FileList files = all_files(root, ignored);
  std::vector<std::string> paths, names, classes;
  for (std::size_t i = 0; i < files.size(); ++i) {
    paths.push_back(files.id(i));
    names.push_back(regex.captured(paths.back()));
  }
  for (const std::string& name : names)
    if (!name.empty()) classes.push_back(name);
  if (classes.empty())
    throw usage_error("label", fmt::format("'{}' matches nothing in the path of any file", printable(pattern)),
                      fmt::format("a pattern that matches paths like {}", printable(files.id(0))));
  std::ranges::sort(classes);
  const auto again = std::ranges::unique(classes);
  classes.erase(again.begin(), again.end());
  const std::optional<std::size_t> parts_at = place_of_parts(paths, names);
  std::map<Part, FileList> lists;
  std::set<std::string> called;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::filesystem::path path(paths[i]);
    if (names[i].empty()) {
      ignored.add({.kind = "file that the label's pattern does not match",
                   .kinds = "files that the label's pattern does not match"},
                  paths[i]);
      continue;
    }
    const auto place = std::ranges::lower_bound(classes, names[i]) - classes.begin();
    const std::string_view folder = parts_at ? words_between(paths[i], "/")[*parts_at] : std::string_view();
    const Part part = parts_at ? *part_named(folder) : Part::train;
    if (parts_at) called.insert(fmt::format("{}/ ({})", printable(std::string(folder)), name_of(part)));
    FileList& list = lists.try_emplace(part, root, files.medium()).first->second;
    list.add(list.add_folder(path.parent_path().string()), path.filename().string(), place);
  }
  ignored.report(progress);
  std::vector<std::string> shown;
  for (const std::string& name : classes) shown.push_back(printable(name));
  DataParts parts{.format = "files named by class"};
  const auto opened = [&](Part part) -> DatasetPtr {
    const auto list = lists.find(part);
    if (list == lists.end()) return nullptr;
    return file_dataset(std::move(list->second), {.kind = std::string(kClassTarget), .names = shown});
  };
  if (parts_at) {
    progress.notice(fmt::format("taken as the parts of the data: {}", fmt::join(called, ", ")));
    parts.train = opened(Part::train), parts.validation = opened(Part::validation), parts.test = opened(Part::test);
  } else {
    parts.all = opened(Part::train);
  }
  return parts;
}

std::string pattern_for(const std::string& path, const std::string& pattern) {
  return !pattern.empty() && holds_examples(readable_entries(path)) ? pattern : "";
}

}  // namespace enxerto
