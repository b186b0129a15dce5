#include "enxerto/data/unlabelled_folder.h"

#include <optional>
#include <string>
#include <utility>

#include "enxerto/data/file_list.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/landmarks.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/data/walk.h"

namespace enxerto {

DatasetPtr open_unlabelled_folder(const std::filesystem::path& path, Progress& progress) {
  const FolderEntries entries = readable_entries(path.string());
  if (!entries.folders.empty()) return nullptr;
  std::optional<Medium> medium;
  for (const std::string& name : entries.files) {
    if (name == kLandmarksFile) continue;
    const std::optional<Medium> own = medium_of_file(name);
    if (!own || *own == Medium::text || own != medium.value_or(*own)) return nullptr;
    medium = own;
  }
  if (!medium) return nullptr;
  const std::string root = without_slash(path.string());
  FileList files(root, *medium);
  IgnoredEntries ignored;
  add_files(root, "", -1, files, ignored);
  ignored.report(progress);
  return file_dataset(std::move(files), {.kind = std::string(kClassTarget), .names = {}});
}

}  // namespace enxerto
