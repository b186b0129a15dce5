#include "enxerto/data/coco_parts.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ios>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/walk.h"
#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExported = "_annotations.coco.json";

/// An annotation file, and the part that it is of.
struct PartFile {
  std::string path;
  std::optional<Part> part;
};

std::vector<PartFile> files_of_parts(const std::string& path) {
  std::vector<PartFile> files;
  const FolderEntries top = readable_entries(path);
  for (const std::string& folder : top.folders) {
    const std::string inside = path + "/" + folder;
    if (is_file(inside + "/" + std::string(kExported)))
      files.push_back({inside + "/" + std::string(kExported), part_named(folder)});
    if (folder != "annotations") continue;
    for (const std::string& name : readable_entries(inside).files)
      if (is_coco_file(inside + "/" + name) ||
          (name.ends_with(".json") && is_empty_file(inside + "/" + name)))  // reading it says so
        files.push_back({inside + "/" + name, part_mentioned(fs::path(name).stem().string())});
  }
  if (!files.empty()) return files;
  for (const std::string& name : top.files)
    if (is_coco_file(path + "/" + name))
      files.push_back({path + "/" + name, part_mentioned(fs::path(name).stem().string())});
  return files;
}

}  // namespace

bool is_coco_file(const std::string& path) {
  constexpr std::streamoff kLooked = 1 << 20;
  if (!path.ends_with(".json") || !is_file(path)) return false;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.tellg();
  std::string text;
  for (const std::streamoff from : {std::streamoff{0}, std::max<std::streamoff>(size - kLooked, 0)}) {
    if (from == 0 && !text.empty()) break;  // the file is no longer
    std::string piece(static_cast<std::size_t>(std::min(size - from, kLooked)), '\0');
    file.seekg(from);
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    text += piece;
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string::npos || text[first] != '{') return false;
  return text.find("\"categories\"") != std::string::npos || text.find("\"annotations\"") != std::string::npos;
}

bool is_coco_folder(const std::string& path) { return !files_of_parts(path).empty(); }

CocoParts coco_parts(const std::string& folder) {
  const std::vector<PartFile> files = files_of_parts(folder);
  CocoParts parts;
  if (files.size() == 1) parts.whole = files[0].path;
  for (const PartFile& file : files) {
    if (!file.part || !parts.whole.empty()) continue;
    std::string& part = *file.part == Part::train        ? parts.train
                        : *file.part == Part::validation ? parts.validation
                                                         : parts.test;
    if (!part.empty())
      throw data_error(file.path, fmt::format("a second file of the part {}", name_of(*file.part)), "one",
                       "name the file that is meant");
    part = file.path;
  }
  if (parts.whole.empty() && parts.train.empty())
    throw data_error(folder, "no annotation file whose name marks it as that of the training part",
                     "e.g. annotations/instances_train.json", "name the file");
  return parts;
}

}  // namespace enxerto
