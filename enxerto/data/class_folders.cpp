#include "enxerto/data/class_folders.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/few_names.h"
#include "enxerto/base/nearest.h"
#include "enxerto/data/class_layout.h"
#include "enxerto/data/meant_folder.h"
#include "enxerto/data/name_form.h"
#include "enxerto/data/other_layout.h"
#include "enxerto/data/tables_beside.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/data/walk.h"
#include "enxerto/files/require_utf8.h"

namespace enxerto {
namespace {

struct Scan {
  FileList files;
  std::vector<std::string> classes;  ///< as folders are called
};

/// The files of one set of class folders; classes without a file of the medium are left out with a notice.
Scan scan_for(Medium medium, const std::string& root, const std::vector<ClassFolder>& folders, IgnoredEntries& ignored,
              Progress& progress) {
  Scan result{FileList(root, medium), {}};
  const std::string_view nouns = medium_row(medium).nouns;
  for (const ClassFolder& folder : folders) {
    throw_if_cancelled(progress);
    const std::size_t before = result.files.size();
    const bool again = !result.classes.empty() && result.classes.back() == folder.name;
    const std::size_t number = result.classes.size() - (again ? 1 : 0);
    add_files(root, folder.folder, static_cast<std::int64_t>(number), result.files, ignored);
    if (result.files.size() == before)
      ignored.add({.kind = fmt::format("class without {}", nouns), .kinds = fmt::format("classes without {}", nouns)},
                  folder.folder);
    else if (!again)
      result.classes.push_back(folder.name);
  }
  return result;
}

/// Files of the medium that a scan for another one has passed over.
std::size_t passed_over(const IgnoredEntries& ignored, const MediumRow& row) {
  std::size_t count = 0;
  for (const std::string_view extension : row.extensions)
    count += ignored.count_of_ending(fmt::format(".{}", extension));
  return count;
}

/// The same for the medium that has most files there, so that a stray picture among texts is one that is ignored.
Scan scan(const std::string& root, const std::vector<ClassFolder>& folders, IgnoredEntries& ignored,
          Progress& progress) {
  const Medium first = media().front().medium;
  IgnoredEntries here;
  Scan found = scan_for(first, root, folders, here, progress);
  Medium most = first;
  std::size_t files = found.files.size();
  for (const MediumRow& row : media().subspan(1)) {
    const std::size_t others = passed_over(here, row);
    if (others > files) most = row.medium, files = others;
  }
  if (most == first) {
    ignored.add(here);
    return found;
  }
  return scan_for(most, root, folders, ignored, progress);
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
DatasetPtr aligned(Scan part, const std::string& name, const Scan& train, const std::string& train_name,
                   Progress& progress) {
  std::vector<std::int64_t> labels;
  std::vector<std::string> missing = train.classes;
  const std::string_view nouns = medium_row(train.files.medium()).nouns;
  for (const std::string& of_part : part.classes) {
    const auto found = find_name(train.classes, of_part);
    if (!found)
      throw data_error(printable(name + of_part),
                       fmt::format("a class without {} in {}{}", nouns, printable(train_name),
                                   did_you_mean(printable(of_part), shown(train.classes))),
                       fmt::format("the classes of {}", printable(train_name)),
                       fmt::format("rename the folder as in {}, or remove it", printable(train_name)));
    labels.push_back(static_cast<std::int64_t>(*found));
    std::erase(missing, train.classes[*found]);
  }
  if (!missing.empty())
    progress.notice(fmt::format("{} has no {} of {}", printable(name), nouns, few_names(shown(missing))));
  part.files.relabel(labels);
  return labelled(std::move(part.files), train.classes);
}

/// What files in the folder itself are.
std::string_view nouns_in(const std::string& root) {
  for (const std::string& name : readable_entries(root).files)
    if (const std::optional<Medium> medium = medium_of_file(name)) return medium_row(*medium).nouns;
  return "examples";
}

void require_examples(const std::string& root, const Scan& found) {
  if (!found.classes.empty()) return;
  const FolderMeant meant = folder_meant(root);
  throw data_error(
      printable(root),
      meant.loose ? fmt::format("{}, but no class folders", nouns_in(root)) : "no pictures or texts in class folders",
      "one folder per class, e.g. cat/1.jpg and dog/2.jpg, or good/1.txt and bad/2.txt", meant.tip());
}

/// Says what was taken as parts where their names are not the usual ones.
void notice_parts(const std::vector<PartFolders>& parts, Progress& progress) {
  std::vector<std::string> said;
  bool usual = true;
  for (const PartFolders& part : parts) {
    const bool is_usual =
        part.shown == fmt::format("{}/", name_of(part.part)) || part.shown == "val/" || part.shown == "valid/";
    usual = usual && is_usual;
    said.push_back(fmt::format("{} ({})", printable(part.shown), name_of(part.part)));
  }
  if (!usual) progress.notice(fmt::format("taken as the parts of the data: {}", fmt::join(said, ", ")));
}

/// The system takes any bytes for a name; what they mean is not known.
void notice_encodings(const ClassLayout& layout, Progress& progress) {
  std::vector<ClassFolder> folders = layout.all;
  for (const PartFolders& part : layout.parts) folders.insert(folders.end(), part.classes.begin(), part.classes.end());
  for (const ClassFolder& folder : folders)
    if (const std::optional<ErrorText> wrong = wrong_encoding(folder.name, folder.folder))
      progress.notice(fmt::format("the folder {} has {}: its class is called so until the folder is renamed",
                                  printable(folder.folder), wrong->found));
}

/// Behind those that can be learned, classes that only other parts have.
void add_classes(std::vector<std::string>& classes, const std::vector<std::string>& of_part) {
  for (const std::string& name : of_part)
    if (!find_name(classes, name)) classes.push_back(name);
}

DataParts open_parts(const std::string& root, const std::vector<PartFolders>& folders, const TableOptions& options,
                     IgnoredEntries& ignored, Progress& progress) {
  DataParts parts{.format = "class folders"};
  notice_parts(folders, progress);
  const PartFolders& first = folders.front();
  Scan train = scan(root, first.classes, ignored, progress);
  require_examples(root + "/" + (first.shown.starts_with('*') ? "" : first.shown), train);
  std::vector<std::pair<const PartFolders*, Scan>> others;
  for (const PartFolders& folder : folders) {
    if (folder.part == Part::train) continue;
    Scan found = scan_for(train.files.medium(), root, folder.classes, ignored, progress);
    if (options.measured) add_classes(train.classes, found.classes);
    if (found.classes.empty())
      progress.notice(fmt::format("{} is ignored: it has no {} in class folders", printable(folder.shown),
                                  medium_row(train.files.medium()).nouns));
    else
      others.emplace_back(&folder, std::move(found));
  }
  for (auto& [folder, found] : others)
    (folder->part == Part::test ? parts.test : parts.validation) =
        aligned(std::move(found), folder->shown, train, first.shown, progress);
  parts.train = labelled(std::move(train.files), train.classes);
  return parts;
}

}  // namespace

DataParts open_class_folders(const std::string& root, const TableOptions& options, Progress& progress) {
  IgnoredEntries nothing, ignored;
  const FolderEntries entries = list_folder(root, "", nothing);
  if (entries.folders.empty() && entries.files.empty())
    throw data_error(printable(root), "an empty folder", "class folders, IDX files or CIFAR's binary files",
                     "check the path");
  const ClassLayout layout = class_layout(root, ignored);
  refuse_other_layout(root, layout);
  notice_encodings(layout, progress);
  refuse_boxes_beside(root);
  DataParts parts{.format = "class folders"};
  if (!layout.parts.empty()) {
    parts = open_parts(root, layout.parts, options, ignored, progress);
    ignored.report(progress);
  } else {
    Scan whole = scan(root, layout.all, ignored, progress);
    ignored.report(progress);
    require_examples(root, whole);
    if (!layout.divided.empty())
      progress.notice(fmt::format("{} {} folders of parts, and others have none: all {} are taken together",
                                  few_names(shown(layout.divided)), layout.divided.size() == 1 ? "has" : "have",
                                  medium_row(whole.files.medium()).nouns));
    if (!layout.alike.empty())
      progress.notice(fmt::format(
          "{} hold the same folders ({}) and are taken as the classes; if they are parts of the data, call them train, "
          "val and test",
          fmt::join(shown(layout.alike), ", "), fmt::join(shown(layout.held), ", ")));
    parts.all = labelled(std::move(whole.files), whole.classes);
  }
  notice_tables_beside(root, entries.files, parts.has_parts() ? *parts.train : *parts.all, progress);
  notice_look_alikes((parts.has_parts() ? parts.train : parts.all)->info().target.names, progress);
  return parts;
}

}  // namespace enxerto
