#include "enxerto/data/labelme.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/labelled_shapes.h"
#include "enxerto/data/labelme_file.h"
#include "enxerto/data/listed_files.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/walk.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPartCount = 3;

/// The files of each part; all of them in the first where there are no parts.
struct LabelmeParts {
  std::array<std::vector<std::string>, kPartCount> files = {};
  bool whole = false;
};

/// Paths of the files in a folder, where one of the first .json is one.
std::vector<std::string> labelme_files_in(const std::string& folder) {
  std::vector<std::string> files = files_ending(folder, ".json");
  return begin_with_form(files, is_labelme_file) ? files : std::vector<std::string>();
}

LabelmeParts labelme_parts(const std::string& path) {
  LabelmeParts parts{.files = {labelme_files_in(path)}};
  parts.whole = !parts.files[0].empty();
  if (parts.whole) return parts;
  for (const std::string& name : readable_entries(path).folders) {
    const auto part = part_named(name);
    if (!part) continue;
    std::vector<std::string> files = labelme_files_in(path + "/" + name);
    std::vector<std::string>& of_part = parts.files.at(static_cast<std::size_t>(*part));
    std::ranges::move(files, std::back_inserter(of_part));
  }
  return parts;
}

/// The path of the picture of a file below the data's folder.
std::string picture_of_file(const std::string& path, const LabelmeFile& file, const std::string& root,
                            ListedFiles& listed) {
  const fs::path folder = fs::path(path).lexically_relative(root).parent_path();
  std::optional<std::string> picture = listed.find((folder / file.picture).lexically_normal().string());
  for (const std::string& name : {fs::path(file.picture).filename().string(), fs::path(path).stem().string()})
    if (!picture) picture = listed.find((folder / name).string());
  if (!picture)
    throw data_error(path, fmt::format("its picture '{}' is neither there nor beside the file", file.picture),
                     "the picture that was labelled", "put it beside the file");
  return *std::move(picture);
}

ShapedPictures read_labelme(const std::string& root, const DataWatch& watch) {
  ShapedPictures pictures(root, "LabelMe", watch);
  ListedFiles listed(root);
  const LabelmeParts parts = labelme_parts(root);
  for (std::size_t i = 0; i < kPartCount; ++i)
    for (const std::string& path : parts.files.at(i)) {
      throw_if_cancelled(watch.progress);
      going_on(watch.faults, [&] {
        LabelmeFile file = read_labelme_file(path, watch.faults);
        std::string picture = picture_of_file(path, file, root, listed);
        pictures.add(
            static_cast<Part>(i),
            {.picture = std::move(picture), .where = path, .frame = file.frame, .shapes = std::move(file.shapes)});
      });
    }
  pictures.require_shapes();
  pictures.notice_unlabelled();
  return pictures;
}

}  // namespace

bool is_labelme_folder(const std::string& path) { return !labelme_parts(path).files[0].empty(); }

DataParts open_labelme_masks(const std::string& path, const DataWatch& watch) {
  return read_labelme(path, watch).masks();
}

DataParts open_labelme_boxes(const std::string& path, const DataWatch& watch) {
  return read_labelme(path, watch).boxes();
}

DataParts open_labelme_folder(const std::string& path, const DataWatch& watch) {
  return read_labelme(path, watch).as_drawn();
}

}  // namespace enxerto
