#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/file_list.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/open.h"
#include "enxerto/data/walk.h"

namespace enxerto {

DatasetPtr open_files(const std::vector<std::filesystem::path>& paths, Medium medium, Progress& progress) {
  FileList files("", medium);
  IgnoredEntries ignored;
  for (const std::filesystem::path& given : paths) {
    const std::string path = without_slash(given.string());
    std::error_code none;
    if (!std::filesystem::is_directory(path, none)) {
      files.add_path(path);
      continue;
    }
    const std::size_t before = files.size();
    add_files("", path, -1, files, ignored);
    if (files.size() > before) continue;
    const std::string_view nouns = medium_row(medium).nouns;
    ignored.add({.kind = fmt::format("folder without {}", nouns), .kinds = fmt::format("folders without {}", nouns)},
                path);
  }
  ignored.report(progress);
  if (files.size() == 0)
    throw data_error(paths.empty() ? "files" : printable(paths.front().string()),
                     fmt::format("no {}", medium_row(medium).nouns), "files, or folders that hold some",
                     "check the path");
  return file_dataset(std::move(files), {});
}

}  // namespace enxerto
