#include "enxerto/data/class_folders.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "enxerto/base/error.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/data/walk.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 3> kValidation{"val", "valid", "validation"};

bool is_validation(std::string_view name) {
  return std::find(kValidation.begin(), kValidation.end(), name) != kValidation.end();
}

bool is_part(std::string_view name) { return name == "train" || name == "test" || is_validation(name); }

bool holds_folders(const std::string& path) {
  IgnoredEntries ignored;
  return !list_folder(path, "", ignored).folders.empty();
}

bool has_parts(const std::string& root, const std::vector<std::string>& folders) {
  if (std::find(folders.begin(), folders.end(), "train") == folders.end() || !holds_folders(root + "/train"))
    return false;
  if (std::all_of(folders.begin(), folders.end(), is_part)) return true;
  return std::any_of(folders.begin(), folders.end(),
                     [&](const auto& f) { return f != "train" && is_part(f) && holds_folders(root + "/" + f); });
}

struct Scan {
  FileList files;
  std::vector<std::string> classes;  ///< as folders are called
};

/// One set of class folders below root/part; classes without a file of the medium are left out with a notice.
Scan scan_for(Medium medium, const std::string& root, const std::string& part, IgnoredEntries& ignored,
              Progress& progress) {
  Scan result{FileList(root, medium), {}};
  const std::string path = part.empty() ? root : root + "/" + part;
  const std::string before = part.empty() ? "" : part + "/";
  const FolderEntries entries = list_folder(path, part, ignored);
  const std::string_view nouns = medium_row(medium).nouns;
  for (const std::string& name : entries.files)
    ignored.add("file outside the class folders", "files outside the class folders", before + name);
  for (const std::string& name : entries.folders) {
    throw_if_cancelled(progress);
    const std::size_t before_count = result.files.size();
    add_files(root, before + name, static_cast<std::int64_t>(result.classes.size()), result.files, ignored);
    if (result.files.size() > before_count)
      result.classes.push_back(name);
    else
      ignored.add(fmt::format("class without {}", nouns), fmt::format("classes without {}", nouns), before + name);
  }
  return result;
}

/// The same for the first medium that has files there.
Scan scan(const std::string& root, const std::string& part, IgnoredEntries& ignored, Progress& progress) {
  for (const MediumRow& row : media()) {
    IgnoredEntries here;
    Scan found = scan_for(row.medium, root, part, here, progress);
    if (found.classes.empty()) continue;
    ignored.add(here);
    return found;
  }
  return scan_for(Medium::image, root, part, ignored, progress);
}

void check_classes(const std::string& where, const Scan& found) {
  if (found.classes.empty())
    throw data_error(printable(where), "no pictures in class folders",
                     "one folder per class, e.g. cat/1.jpg and dog/2.jpg",
                     "name the folder that contains the class folders");
  if (found.classes.size() == 1)
    throw data_error(printable(where), fmt::format("only one class, '{}'", printable(found.classes.front())),
                     "at least two class folders with pictures",
                     "name the parent folder, or add pictures of another class");
}

std::vector<std::string> shown(const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const std::string& name : names) result.push_back(printable(name));
  return result;
}

DatasetPtr labelled(FileList files, const std::vector<std::string>& classes) {
  return file_dataset(std::move(files), {.kind = std::string(kClassTarget), .names = shown(classes)});
}

/// Labels by train's classes. Throws Error{data} for a class that train does not have; says which are missing.
DatasetPtr aligned(Scan part, const std::string& name, const std::vector<std::string>& classes, Progress& progress) {
  std::vector<std::int64_t> labels;
  for (const std::string& of_part : part.classes) {
    const auto found = std::lower_bound(classes.begin(), classes.end(), of_part);
    if (found == classes.end() || *found != of_part)
      throw data_error(name + "/" + printable(of_part), "a class without pictures in train/", "the classes of train/",
                       "rename the folder as in train/, or remove it");
    labels.push_back(found - classes.begin());
  }
  std::vector<std::string> missing;
  std::set_difference(classes.begin(), classes.end(), part.classes.begin(), part.classes.end(),
                      std::back_inserter(missing));
  if (!missing.empty())
    progress.notice(fmt::format("{}/ has no pictures of {}", name, fmt::join(shown(missing), ", ")));
  part.files.relabel(labels);
  return labelled(std::move(part.files), classes);
}

DataParts open_parts(const std::string& root, const std::vector<std::string>& folders, IgnoredEntries& ignored,
                     Progress& progress) {
  DataParts parts{.format = "class folders"};
  Scan train = scan(root, "train", ignored, progress);
  const Medium medium = train.files.medium();
  check_classes(root + "/train", train);
  for (const std::string& name : folders) {
    if (name == "train") continue;
    if (!is_part(name)) {
      ignored.add("folder next to train/", "folders next to train/", name);
      continue;
    }
    DatasetPtr& part = name == "test" ? parts.test : parts.validation;
    if (part != nullptr)
      throw data_error(printable(root), "more than one of val, valid and validation", "one validation part");
    Scan found = scan_for(medium, root, name, ignored, progress);
    if (found.classes.empty())
      progress.notice(name + "/ is ignored: it has no pictures");
    else
      part = aligned(std::move(found), name, train.classes, progress);
  }
  parts.train = labelled(std::move(train.files), train.classes);
  return parts;
}

}  // namespace

DataParts open_class_folders(const std::string& root, Progress& progress) {
  IgnoredEntries top, ignored;
  const FolderEntries entries = list_folder(root, "", top);
  if (entries.folders.empty() && entries.files.empty())
    throw data_error(printable(root), "an empty folder", "class folders, IDX files or CIFAR's binary files",
                     "check the path");
  DataParts parts{.format = "class folders"};
  if (has_parts(root, entries.folders)) {
    parts = open_parts(root, entries.folders, top, progress);
    top.report(progress);
    return parts;
  }
  Scan whole = scan(root, "", ignored, progress);
  ignored.report(progress);
  check_classes(root, whole);
  parts.all = labelled(std::move(whole.files), whole.classes);
  return parts;
}

}  // namespace enxerto
