#include "enxerto/data/meant_folder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <set>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/few_names.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/cifar.h"
#include "enxerto/data/class_layout.h"
#include "enxerto/data/coco.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/idx.h"
#include "enxerto/data/mask_folders.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/data/voc.h"
#include "enxerto/data/walk.h"
#include "enxerto/data/yolo.h"

namespace enxerto {
namespace {

constexpr std::size_t kDeepest = 3, kMostFolders = 300, kFoldersNamed = 3;

std::string listed(const std::vector<std::string>& names) {
  if (names.size() == 2) return printable(names[0]) + " and " + printable(names[1]);
  std::vector<std::string> first(names.begin(),
                                 names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kFoldersNamed)));
  return printable(fmt::format("{}{}", fmt::join(first, ", "), names.size() > kFoldersNamed ? ", .." : ""));
}

/// What makes the folder one of data; "" where nothing does.
std::string held_in(const std::string& path, const FolderEntries& entries) {
  if (is_idx_folder(entries.files)) return "IDX files";
  if (is_cifar_pickles(entries.files)) return "CIFAR-10's Python version; download the binary one for it";
  if (is_cifar_folder(entries.files)) return "CIFAR's files";
  if (is_coco_folder(path) || is_voc_folder(path) || is_yolo_folder(path)) return "pictures and their boxes";
  if (is_mask_folder(path)) return "pictures and their masks";
  std::vector<std::string> parts, classes;
  for (const std::string& name : entries.folders) {
    const FolderEntries inside = readable_entries(path + "/" + name);
    if (part_named(name) && !inside.folders.empty()) parts.push_back(name);
    if (holds_examples(inside)) classes.push_back(name);
  }
  if (std::ranges::any_of(parts, [](const std::string& name) { return part_named(name) == Part::train; }))
    return listed(parts);
  if (classes.size() > 1) return listed(classes);
  const auto table = std::ranges::find_if(entries.files, [](const std::string& name) { return is_table_name(name); });
  return table != entries.files.end() && !classes.empty() ? "the table " + printable(*table) : "";
}

FolderMeant below(const std::string& folder) {
  std::deque<std::pair<std::string, std::size_t>> waiting{{folder, 0}};
  for (std::size_t seen = 0; !waiting.empty() && seen < kMostFolders; ++seen) {
    const auto [path, depth] = std::move(waiting.front());
    waiting.pop_front();
    const FolderEntries entries = readable_entries(path);
    if (depth > 0) {
      if (const std::string holds = held_in(path, entries); !holds.empty()) return {.path = path, .holds = holds};
    }
    if (depth == kDeepest) continue;
    for (const std::string& name : entries.folders) waiting.emplace_back(path + "/" + name, depth + 1);
  }
  return {};
}

/// Every way to find classes in names.
std::string label_tip(std::span<const ClassesInNames> ways) {
  std::string tip;
  for (const ClassesInNames& way : ways)
    tip += fmt::format("{}data.label = \"{}\" finds {} in their names: {}", tip.empty() ? "" : "; ", way.pattern,
                       counted(way.classes.size(), "class", "classes"), printable(few_names(way.classes)));
  return tip;
}

/// The only folder with examples below one that has none itself, where their names say classes.
FolderMeant only_named_below(const std::string& folder) {
  std::string path = folder;
  for (std::size_t depth = 0; depth < kDeepest; ++depth) {
    const FolderEntries entries = readable_entries(path);
    if (holds_examples(entries)) {
      const std::vector<ClassesInNames> ways = classes_in_names(entries.files);
      return ways.empty() ? FolderMeant{}
                          : FolderMeant{.path = path, .holds = "files whose names say their class: " + label_tip(ways)};
    }
    if (entries.folders.size() != 1) return {};
    path = inside_folder(path, entries.folders.front());
  }
  return {};
}

}  // namespace

std::string FolderMeant::tip() const {
  if (!in_names.empty()) return label_tip(in_names);
  if (path.empty())
    return loose ? "sort them into one folder per class, list them in a table (.csv) of files and classes, or give "
                   "a pattern that finds the class in their names (data.label)"
                 : "check the path";
  return fmt::format("give {}, which holds {}", printable(path), holds);
}

FolderMeant folder_meant(const std::filesystem::path& folder) {
  FolderMeant meant = below(folder.string());
  if (!meant.path.empty()) return meant;
  const FolderEntries entries = readable_entries(folder.string());
  if (!holds_examples(entries)) return only_named_below(folder.string());
  if (!entries.folders.empty()) return meant;
  const std::filesystem::path above =
      folder.has_parent_path() ? folder.parent_path() : std::filesystem::absolute(folder).parent_path();
  std::vector<std::string> beside;
  for (const std::string& name : readable_entries(above.string()).folders) {
    const FolderEntries inside = readable_entries(above.string() + "/" + name);
    if (inside.folders.empty() && holds_examples(inside)) beside.push_back(name);
  }
  if (beside.size() > 1) meant = {.path = above.string(), .holds = listed(beside)};
  meant.loose = true;
  meant.in_names = classes_in_names(entries.files);
  return meant;
}

std::string meant_tip(const std::filesystem::path& path) {
  std::error_code none;
  if (!std::filesystem::is_directory(path, none)) return "";
  const FolderEntries entries = readable_entries(path.string());
  if (const auto table =
          std::ranges::find_if(entries.files, [](const std::string& name) { return is_table_name(name); });
      table != entries.files.end())
    return fmt::format("give the table in it: {}", printable((path / *table).string()));
  const FolderMeant meant = folder_meant(path);
  return meant.path.empty() ? "" : meant.tip();
}

void require_classes(const Dataset& train, const std::filesystem::path& path) {
  if (train.info().target.kind != kClassTarget) return;
  std::set<std::int64_t> seen;
  for (std::size_t i = 0; i < train.size() && seen.size() < 2; ++i) seen.insert(stratum_of(train, i));
  if (seen.size() != 1 || *seen.begin() < 0) return;
  const std::string tip = meant_tip(path);
  throw data_error(
      printable(path.string()),
      fmt::format("only one class, '{}'", train.info().target.names[static_cast<std::size_t>(*seen.begin())]),
      "at least two classes", tip.empty() ? "add examples of another class" : tip);
}

}  // namespace enxerto
