#include "enxerto/data/walk.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

using Place = std::pair<dev_t, ino_t>;

std::string joined(const std::string& folder, std::string_view name) {
  return folder.empty() ? std::string(name) : folder + "/" + std::string(name);
}

[[noreturn]] void fail_loop(const std::string& path) {
  throw Error(ErrorKind::data, {.where = printable(path),
                                .found = "a loop of symbolic links",
                                .expected = "links that lead out of their own folder",
                                .tip = "remove the link"});
}

[[noreturn]] void fail_folder(const std::string& path, int error) {
  throw Error(ErrorKind::data, {.where = printable(path),
                                .found = std::strerror(error),
                                .expected = "a readable folder",
                                .tip = error == EACCES ? "check its permissions" : "check the path"});
}

void sort_in(const std::string& path, const std::string& shown, const dirent& entry, FolderEntries& entries,
             PassedOver& passed_over) {
  const std::string name = entry.d_name;
  if (name.front() == '.') {
    if (name != "." && name != "..") passed_over.add("hidden entries", joined(shown, name));
    return;
  }
  unsigned char type = entry.d_type;
  if (type == DT_LNK || type == DT_UNKNOWN) {
    struct stat info{};
    if (stat(joined(path, name).c_str(), &info) != 0) {
      if (errno == ELOOP) fail_loop(joined(path, name));
      passed_over.add("broken links", joined(shown, name));
      return;
    }
    type = S_ISDIR(info.st_mode) ? DT_DIR : S_ISREG(info.st_mode) ? DT_REG : DT_FIFO;
  }
  if (type == DT_DIR)
    entries.folders.push_back(name);
  else if (type == DT_REG)
    entries.files.push_back(name);
  else
    passed_over.add("special files", joined(shown, name));
}

Place place_of(const std::string& path) {
  struct stat info{};
  if (stat(path.c_str(), &info) != 0) fail_folder(path, errno);
  return {info.st_dev, info.st_ino};
}

void walk(const std::string& root, const std::string& folder, std::int64_t label, FileList& files,
          PassedOver& passed_over, std::vector<Place>& above) {
  const std::string path = folder.empty() ? root : joined(root, folder);
  const Place place = place_of(path);
  if (std::find(above.begin(), above.end(), place) != above.end()) fail_loop(path);
  const FolderEntries entries = list_folder(path, folder, passed_over);
  const std::uint32_t number = files.add_folder(folder);
  for (const std::string& name : entries.files) {
    if (medium_of_file(name) == files.medium())
      files.add(number, name, label);
    else
      passed_over.add(fmt::format("files that are no {}", medium_row(files.medium()).nouns), joined(folder, name));
  }
  above.push_back(place);
  for (const std::string& name : entries.folders) walk(root, joined(folder, name), label, files, passed_over, above);
  above.pop_back();
}

}  // namespace

FolderEntries list_folder(const std::string& path, const std::string& shown, PassedOver& passed_over) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path.c_str()), closedir);
  if (folder == nullptr) fail_folder(path, errno);
  FolderEntries entries;
  errno = 0;
  while (const dirent* entry = readdir(folder.get())) {
    sort_in(path, shown, *entry, entries, passed_over);
    errno = 0;
  }
  if (errno != 0) fail_folder(path, errno);
  std::sort(entries.folders.begin(), entries.folders.end());
  std::sort(entries.files.begin(), entries.files.end());
  return entries;
}

void add_files(const std::string& root, const std::string& folder, std::int64_t label, FileList& files,
               PassedOver& passed_over) {
  std::vector<Place> above;
  if (!root.empty() && !folder.empty()) above.push_back(place_of(root));
  walk(root, folder, label, files, passed_over, above);
}

}  // namespace enxerto
