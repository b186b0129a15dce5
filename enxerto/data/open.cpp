#include "enxerto/data/open.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "enxerto/base/error.h"
#include "enxerto/data/cifar.h"
#include "enxerto/data/class_folders.h"
#include "enxerto/data/idx.h"
#include "enxerto/data/walk.h"

namespace enxerto {
namespace {

[[noreturn]] void fail(const std::string& path, std::string found, std::string expected) {
  throw Error(ErrorKind::data, {.where = path.empty() ? "the data" : printable(path),
                                .found = std::move(found),
                                .expected = std::move(expected),
                                .tip = "check the path"});
}

bool is_folder(const std::string& path) {
  struct stat info{};
  if (path.empty() || stat(path.c_str(), &info) != 0)
    fail(path, path.empty() ? "an empty path" : std::strerror(errno), "a file or a folder");
  return S_ISDIR(info.st_mode);
}

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

DataParts open_data(const std::filesystem::path& given, Progress& progress) { return open_data(given, {}, progress); }

DataParts open_data(const std::filesystem::path& given, const CsvOptions& csv, Progress& progress) {
  const std::string path = without_slash(given.string());
  const bool folder = is_folder(path);
  if (!folder && is_table_name(path)) return open_csv(path, csv, progress);
  if (csv != CsvOptions())
    throw Error(ErrorKind::usage, {.where = printable(path),
                                   .found = "no table, which has columns of targets",
                                   .expected = "a .csv or .tsv file",
                                   .tip = "leave out the options for tables"});
  if (!folder) {
    if (auto parts = open_idx_file(path)) return *parts;
    fail(path, "a single file",
         "a folder, a table (.csv, .tsv), or a file of the MNIST family such as train-images-idx3-ubyte.gz");
  }
  PassedOver ignored;
  const std::vector<std::string> files = list_folder(path, "", ignored).files;
  if (const IdxNames names = idx_names(files); names.any()) return open_idx_folder(path, names);
  if (auto parts = open_cifar(path, files)) return *parts;
  return open_class_folders(path, progress);
}

DatasetPtr open_files(const std::vector<std::filesystem::path>& paths, Progress& progress) {
  FileList files("");
  PassedOver passed_over;
  for (const std::filesystem::path& given : paths) {
    const std::string path = without_slash(given.string());
    if (!is_folder(path)) {
      const std::filesystem::path file(path);
      files.add(files.add_folder(file.parent_path().string()), file.filename().string(), -1);
      continue;
    }
    const std::size_t before = files.size();
    add_pictures("", path, -1, files, passed_over);
    if (files.size() == before) passed_over.add("folders without pictures", path);
  }
  passed_over.tell(progress);
  return file_dataset(std::move(files), {});
}

}  // namespace enxerto
