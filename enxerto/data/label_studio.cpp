#include "enxerto/data/label_studio.h"

#include <filesystem>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/label_studio_file.h"
#include "enxerto/data/labelled_shapes.h"
#include "enxerto/data/picture_places.h"
#include "enxerto/data/walk.h"
#include "enxerto/files/durable.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> label_studio_files(const std::string& path) {
  if (is_label_studio_file(path)) return {path};
  std::vector<std::string> files = files_ending(path, ".json");
  if (!begin_with_form(files, is_label_studio_file)) return {};
  std::erase_if(files, [](const std::string& file) { return !is_label_studio_file(file); });
  return files;
}

void notice_left_out(const std::string& path, const LabelStudioFile& file, Progress& progress) {
  if (file.unfinished > 0)
    progress.notice(
        fmt::format("{}: {} without an annotation, or skipped, left out", path, counted(file.unfinished, "task")));
  if (file.several > 0)
    progress.notice(fmt::format("{}: {} of several annotations: the one that was made last counts", path,
                                counted(file.several, "task")));
}

ShapedPictures read_label_studio(const std::string& path, const std::string& images, const DataWatch& watch) {
  const std::string own = fs::is_directory(path) ? path : directory_of(path).string();
  const std::string root = images.empty() ? own : images;
  ShapedPictures pictures(root, "Label Studio", watch);
  PicturePlaces places(root);
  for (const std::string& name : label_studio_files(path)) {
    throw_if_cancelled(watch.progress);
    LabelStudioFile file = read_label_studio_file(name, watch.faults);
    notice_left_out(name, file, watch.progress);
    for (LabelStudioTask& task : file.tasks)
      going_on(watch.faults, [&] {
        auto picture = places.find(task.picture);
        if (!picture)
          throw data_error(task.where, fmt::format("its picture '{}' is nowhere below {}", task.picture, root),
                           "the pictures that were labelled",
                           "put them beside the file, or say where they are: data.images, a folder that has them");
        pictures.add(std::nullopt, {.picture = *std::move(picture),
                                    .where = task.where,
                                    .frame = task.frame,
                                    .shapes = std::move(task.shapes)});
      });
  }
  pictures.require_shapes();
  return pictures;
}

}  // namespace

bool is_label_studio_data(const std::string& path) { return !label_studio_files(path).empty(); }

DataParts open_label_studio_masks(const std::string& path, const std::string& images, const DataWatch& watch) {
  return read_label_studio(path, images, watch).masks();
}

DataParts open_label_studio_boxes(const std::string& path, const std::string& images, const DataWatch& watch) {
  return read_label_studio(path, images, watch).boxes();
}

DataParts open_label_studio(const std::string& path, const std::string& images, const DataWatch& watch) {
  return read_label_studio(path, images, watch).as_drawn();
}

}  // namespace enxerto
