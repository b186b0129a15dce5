#include "enxerto/data/class_folders.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "enxerto/base/error.h"
#include "enxerto/data/walk.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 3> kValidation{"val", "valid", "validation"};

bool is_validation(std::string_view name) {
  return std::find(kValidation.begin(), kValidation.end(), name) != kValidation.end();
}

bool is_part(std::string_view name) { return name == "train" || name == "test" || is_validation(name); }

bool holds_folders(const std::string& path) {
  PassedOver ignored;
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
Scan scan_for(Medium medium, const std::string& root, const std::string& part, PassedOver& passed_over,
              Progress& progress) {
  Scan result{FileList(root, medium), {}};
  const std::string path = part.empty() ? root : root + "/" + part;
  const std::string before = part.empty() ? "" : part + "/";
  const FolderEntries entries = list_folder(path, part, passed_over);
  for (const std::string& name : entries.files) passed_over.add("files outside the class folders", before + name);
  for (const std::string& name : entries.folders) {
    throw_if_cancelled(progress);
    const std::size_t before_count = result.files.size();
    add_files(root, before + name, static_cast<std::int64_t>(result.classes.size()), result.files, passed_over);
    if (result.files.size() > before_count)
      result.classes.push_back(name);
    else
      passed_over.add(fmt::format("classes without {}", medium_row(medium).nouns), before + name);
  }
  return result;
}

/// The same for the first medium that has files there.
Scan scan(const std::string& root, const std::string& part, PassedOver& passed_over, Progress& progress) {
  for (const MediumRow& row : media()) {
    PassedOver beside;
    Scan found = scan_for(row.medium, root, part, beside, progress);
    if (found.classes.empty()) continue;
    passed_over.add(beside);
    return found;
  }
  return scan_for(Medium::image, root, part, passed_over, progress);
}

void check_classes(const std::string& where, const Scan& found) {
  if (found.classes.empty())
    throw Error(ErrorKind::data, {.where = printable(where),
                                  .found = "no pictures in class folders",
                                  .expected = "a folder a class, e.g. cat/1.jpg and dog/2.jpg",
                                  .tip = "give the folder that holds the class folders"});
  if (found.classes.size() == 1)
    throw Error(ErrorKind::data, {.where = printable(where),
                                  .found = fmt::format("one class only, '{}'", printable(found.classes.front())),
                                  .expected = "at least two class folders with pictures",
                                  .tip = "give the folder above, or add pictures of something else"});
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
      throw Error(ErrorKind::data, {.where = name + "/" + printable(of_part),
                                    .found = "a class that train/ has no pictures of",
                                    .expected = "the classes of train/",
                                    .tip = "rename the folder as in train/, or remove it"});
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

DataParts open_parts(const std::string& root, const std::vector<std::string>& folders, PassedOver& passed_over,
                     Progress& progress) {
  DataParts parts{.format = "class folders"};
  Scan train = scan(root, "train", passed_over, progress);
  const Medium medium = train.files.medium();
  check_classes(root + "/train", train);
  for (const std::string& name : folders) {
    if (name == "train") continue;
    if (!is_part(name)) {
      passed_over.add("folders beside train/", name);
      continue;
    }
    DatasetPtr& part = name == "test" ? parts.test : parts.validation;
    if (part != nullptr)
      throw Error(ErrorKind::data, {.where = printable(root),
                                    .found = "more than one of val, valid and validation",
                                    .expected = "one validation part",
                                    .tip = ""});
    Scan found = scan_for(medium, root, name, passed_over, progress);
    if (found.classes.empty())
      progress.notice(name + "/ holds no pictures and is passed over");
    else
      part = aligned(std::move(found), name, train.classes, progress);
  }
  parts.train = labelled(std::move(train.files), train.classes);
  return parts;
}

}  // namespace

DataParts open_class_folders(const std::string& root, Progress& progress) {
  PassedOver top, passed_over;
  const FolderEntries entries = list_folder(root, "", top);
  if (entries.folders.empty() && entries.files.empty())
    throw Error(ErrorKind::data, {.where = printable(root),
                                  .found = "an empty folder",
                                  .expected = "class folders, IDX files or CIFAR's binary files",
                                  .tip = "check the path"});
  DataParts parts{.format = "class folders"};
  if (has_parts(root, entries.folders)) {
    parts = open_parts(root, entries.folders, top, progress);
    top.tell(progress);
    return parts;
  }
  Scan whole = scan(root, "", passed_over, progress);
  passed_over.tell(progress);
  check_classes(root, whole);
  parts.all = labelled(std::move(whole.files), whole.classes);
  return parts;
}

}  // namespace enxerto
