#include "enxerto/data/class_layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "enxerto/base/error.h"
#include "enxerto/data/landmarks.h"
#include "enxerto/data/walk.h"

namespace enxerto {
namespace {

using PartOf = std::optional<Part> (*)(std::string_view name);

constexpr std::array kPartsOfLayout{Part::train, Part::validation, Part::test};

FolderEntries quiet_list(const std::string& path) {
  IgnoredEntries ignored;
  return list_folder(path, "", ignored);
}

bool holds_folders(const std::string& path) { return !quiet_list(path).folders.empty(); }

bool letters_only(const std::string& name) {
  return std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

/// The folder of that part; the one whose name says nothing else where there are several. "": there is none.
std::string folder_of(Part part, const std::string& root, const std::vector<std::string>& folders, PartOf part_of) {
  std::vector<std::string> named, plain;
  for (const std::string& name : folders) {
    if (part_of(name) != part) continue;
    named.push_back(name);
    if (letters_only(name)) plain.push_back(name);
  }
  if (named.size() <= 1) return named.empty() ? "" : named.front();
  if (plain.size() == 1) return plain.front();
  throw data_error(
      printable(root),
      fmt::format("more than one {} part: {}", name_of(part), printable(fmt::format("{}", fmt::join(named, ", ")))),
      "one folder for each part", "move the others elsewhere");
}

/// Copies unpack to train/train/cat.
std::string descended(const std::string& root, std::string folder, Part part, PartOf part_of) {
  for (;;) {
    const FolderEntries entries = quiet_list(root + "/" + folder);
    if (entries.folders.size() != 1 || !entries.files.empty() || part_of(entries.folders.front()) != part)
      return folder;
    folder += "/" + entries.folders.front();
  }
}

/// Class folders in root/folder; files beside them are passed over.
std::vector<ClassFolder> classes_in(const std::string& root, const std::string& folder, IgnoredEntries& ignored) {
  const FolderEntries entries = list_folder(folder.empty() ? root : root + "/" + folder, folder, ignored);
  for (const std::string& name : entries.files)
    if (name != kLandmarksFile)
      ignored.add({.kind = "file outside the class folders", .kinds = "files outside the class folders"},
                  inside_folder(folder, name));
  std::vector<ClassFolder> classes;
  for (const std::string& name : entries.folders)
    classes.push_back({.name = name, .folder = inside_folder(folder, name)});
  return classes;
}

bool tops_are_parts(const std::string& root, const std::vector<std::string>& folders, const std::string& train,
                    PartOf part_of) {
  if (train.empty() || !holds_folders(root + "/" + train)) return false;
  const auto is_part = [&](const std::string& name) { return part_of(name).has_value(); };
  return std::ranges::all_of(folders, is_part) || std::ranges::any_of(folders, [&](const std::string& name) {
           return is_part(name) && part_of(name) != Part::train && holds_folders(root + "/" + name);
         });
}

std::vector<PartFolders> parts_above(const std::string& root, const std::vector<std::string>& folders, PartOf part_of,
                                     IgnoredEntries& ignored) {
  std::vector<std::string> trains;
  std::ranges::copy_if(folders, std::back_inserter(trains),
                       [&](const std::string& name) { return part_of(name) == Part::train; });
  if (trains.empty() || std::ranges::none_of(trains, [&](const std::string& name) {
        return tops_are_parts(root, folders, name, part_of);
      }))
    return {};
  std::vector<PartFolders> parts;
  std::vector<std::string> used;
  for (const Part part : kPartsOfLayout) {
    const std::string folder = folder_of(part, root, folders, part_of);
    if (folder.empty()) continue;
    used.push_back(folder);
    parts.push_back({.part = part,
                     .shown = folder + "/",
                     .classes = classes_in(root, descended(root, folder, part, part_of), ignored)});
  }
  const std::string next = fmt::format("next to {}", parts.front().shown);
  for (const std::string& name : folders) {
    if (std::ranges::find(used, name) == used.end())
      ignored.add({.kind = "folder " + next, .kinds = "folders " + next}, name);
  }
  return parts;
}

std::vector<PartFolders> parts_below(const std::string& root, const std::vector<std::string>& folders) {
  std::vector<PartFolders> parts;
  for (const Part part : kPartsOfLayout) parts.push_back({.part = part, .shown = "", .classes = {}});
  bool any_pair = false;
  for (const std::string& outer : folders) {
    const FolderEntries entries = quiet_list(root + "/" + outer);
    std::size_t found = 0;
    for (const std::string& inside : entries.folders) {
      const auto part = part_named(inside);
      if (!part) return {};
      ++found;
      PartFolders& folder = parts[static_cast<std::size_t>(*part)];
      if (folder.shown.empty()) folder.shown = "*/" + inside + "/";
      folder.classes.push_back({.name = outer, .folder = inside_folder(outer, inside)});
    }
    if (found == 0 || holds_examples(entries)) return {};
    any_pair = any_pair || found > 1;
  }
  if (folders.size() < 2 || !any_pair || parts.front().classes.empty()) return {};
  std::erase_if(parts, [](const PartFolders& part) { return part.classes.empty(); });
  return parts;
}

/// Parts with examples and without class folders say nothing that can be learned.
void refuse_bare_parts(const std::string& root, const std::vector<std::string>& folders) {
  if (folders.size() < 2 ||
      !std::ranges::all_of(folders, [](const auto& name) { return part_named(name).has_value(); }))
    return;
  if (std::ranges::none_of(folders, [](const auto& name) { return part_named(name) == Part::train; })) return;
  if (std::ranges::any_of(folders, [&](const auto& name) { return holds_folders(root + "/" + name); })) return;
  throw data_error(
      printable(root),
      fmt::format("parts without class folders: {}", printable(fmt::format("{}", fmt::join(folders, ", ")))),
      fmt::format("one folder per class in each, e.g. {}/cat/1.jpg", printable(folders.front())),
      "sort the files into class folders, or list them in a table (.csv) of files and classes");
}

/// What all folders hold, where that is the same two or more folders.
std::vector<std::string> held_by_all(const std::string& root, const std::vector<std::string>& folders) {
  if (folders.size() < 2) return {};
  const std::vector<std::string> first = quiet_list(root + "/" + folders.front()).folders;
  if (first.size() < 2) return {};
  for (const std::string& name : folders) {
    if (quiet_list(root + "/" + name).folders != first) return {};
  }
  return first;
}

/// Classes that hold two parts or more and nothing else, where not all do.
std::vector<std::string> divided_classes(const std::string& root, const std::vector<std::string>& folders) {
  std::vector<std::string> divided;
  for (const std::string& name : folders) {
    const FolderEntries entries = quiet_list(root + "/" + name);
    const auto is_part = [](const std::string& inside) { return part_named(inside).has_value(); };
    if (entries.folders.size() > 1 && !holds_examples(entries) && std::ranges::all_of(entries.folders, is_part))
      divided.push_back(name);
  }
  return divided.size() == folders.size() ? std::vector<std::string>() : divided;
}

}  // namespace

ClassLayout class_layout(const std::string& root, IgnoredEntries& ignored) {
  const std::vector<std::string> folders = quiet_list(root).folders;
  ClassLayout layout;
  IgnoredEntries top;
  (void)list_folder(root, "", top);
  layout.held = held_by_all(root, folders);
  layout.parts = parts_above(root, folders, part_named, ignored);
  if (layout.parts.empty() && !layout.held.empty()) layout.parts = parts_above(root, folders, part_mentioned, ignored);
  if (layout.parts.empty()) layout.parts = parts_below(root, folders);
  if (!layout.parts.empty()) {
    ignored.add(top);
    return layout;
  }
  refuse_bare_parts(root, folders);
  layout.all = classes_in(root, "", ignored);
  layout.divided = divided_classes(root, folders);
  if (!layout.held.empty()) layout.alike = folders;
  return layout;
}

}  // namespace enxerto
