#include "enxerto/data/walk.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "enxerto/base/error.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/data/landmarks.h"
#include "enxerto/data/system_entries.h"

namespace enxerto {
namespace {

using FolderId = std::pair<dev_t, ino_t>;

[[noreturn]] void fail_loop(const std::string& path) {
  throw data_error(printable(path), "a loop of symbolic links", "links that do not lead back to their own folder",
                   "remove the link");
}

[[noreturn]] void fail_folder(const std::string& path, int error) {
  throw data_error(printable(path), std::strerror(error), "a readable folder",
                   error == EACCES ? "check its permissions" : "check the path");
}

void sort_in(const std::string& path, const std::string& shown, const dirent& entry, FolderEntries& entries,
             IgnoredEntries& ignored) {
  const std::string name = entry.d_name;
  if (is_system_entry(name)) return;
  if (name.front() == '.') {
    if (name != "." && name != "..")
      ignored.add({.kind = "hidden entry", .kinds = "hidden entries"}, inside_folder(shown, name));
    return;
  }
  unsigned char type = entry.d_type;
  if (type == DT_LNK || type == DT_UNKNOWN) {
    struct stat info{};
    if (stat(inside_folder(path, name).c_str(), &info) != 0) {
      if (errno == ELOOP) fail_loop(inside_folder(path, name));
      ignored.add({.kind = "broken link", .kinds = "broken links"}, inside_folder(shown, name));
      return;
    }
    type = S_ISDIR(info.st_mode) ? DT_DIR : S_ISREG(info.st_mode) ? DT_REG : DT_FIFO;
  }
  if (type == DT_DIR)
    entries.folders.push_back(name);
  else if (type == DT_REG)
    entries.files.push_back(name);
  else
    ignored.add({.kind = "special file", .kinds = "special files"}, inside_folder(shown, name));
}

/// ".txt" in lower case, or "without extension".
std::string ending_of(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos || dot + 1 == name.size() || name.size() - dot > 12) return "without extension";
  return lower_case(std::string_view(name).substr(dot));
}

FolderId id_of(const std::string& path) {
  struct stat info{};
  if (stat(path.c_str(), &info) != 0) fail_folder(path, errno);
  return {info.st_dev, info.st_ino};
}

void walk(const std::string& root, const std::string& folder, std::int64_t label, FileList& files,
          IgnoredEntries& ignored, std::vector<FolderId>& above) {
  const std::string path = folder.empty() ? root : inside_folder(root, folder);
  const FolderId id = id_of(path);
  if (std::find(above.begin(), above.end(), id) != above.end()) fail_loop(path);
  const FolderEntries entries = list_folder(path, folder, ignored);
  const std::uint32_t number = files.add_folder(folder);
  const MediumRow& medium = medium_row(files.medium());
  for (const std::string& name : entries.files) {
    if (medium_of_file(name) == files.medium())
      files.add(number, name, label);
    else if (name != kLandmarksFile)
      ignored.add({.kind = fmt::format("file that is not a {}", medium.noun),
                   .kinds = fmt::format("files that are not {}", medium.nouns),
                   .ending = ending_of(name)},
                  inside_folder(folder, name));
  }
  above.push_back(id);
  for (const std::string& name : entries.folders) walk(root, inside_folder(folder, name), label, files, ignored, above);
  above.pop_back();
}

}  // namespace

FolderEntries list_folder(const std::string& path, const std::string& shown, IgnoredEntries& ignored) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path.c_str()), closedir);
  if (folder == nullptr) fail_folder(path, errno);
  FolderEntries entries;
  errno = 0;
  while (const dirent* entry = readdir(folder.get())) {
    sort_in(path, shown, *entry, entries, ignored);
    errno = 0;
  }
  if (errno != 0) fail_folder(path, errno);
  std::sort(entries.folders.begin(), entries.folders.end());
  std::sort(entries.files.begin(), entries.files.end());
  return entries;
}

std::string inside_folder(const std::string& folder, std::string_view name) {
  return folder.empty() ? std::string(name) : folder + "/" + std::string(name);
}

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

FolderEntries readable_entries(const std::string& path) {
  IgnoredEntries ignored;
  try {
    return list_folder(path.empty() ? "." : path, "", ignored);
  } catch (const Error&) {
    return {};
  }
}

std::vector<std::string> files_ending(const std::string& folder, std::string_view ending) {
  std::vector<std::string> files;
  for (const std::string& name : readable_entries(folder).files)
    if (name.ends_with(ending)) files.push_back(folder + "/" + name);
  return files;
}

bool holds_examples(const FolderEntries& entries) {
  return std::ranges::any_of(entries.files, [](const std::string& name) { return medium_of_file(name).has_value(); });
}

void add_files(const std::string& root, const std::string& folder, std::int64_t label, FileList& files,
               IgnoredEntries& ignored) {
  std::vector<FolderId> above;
  if (!root.empty() && !folder.empty()) above.push_back(id_of(root));
  walk(root, folder, label, files, ignored, above);
}

}  // namespace enxerto
