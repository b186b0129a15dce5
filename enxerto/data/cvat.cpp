#include "enxerto/data/cvat.h"

#include <filesystem>
#include <fstream>
#include <ios>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/cvat_file.h"
#include "enxerto/data/labelled_shapes.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/picture_places.h"
#include "enxerto/data/walk.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostCvatBytes = std::size_t{1} << 30;

bool is_cvat_file(const std::string& path) {
  constexpr std::size_t kLooked = 4096;
  if (!path.ends_with(".xml") || !is_file(path)) return false;
  std::string head(kLooked, '\0');
  std::ifstream(path, std::ios::binary).read(head.data(), static_cast<std::streamsize>(head.size()));
  return looks_like_cvat(head);
}

/// The files at a path: itself, or those in the folder.
std::vector<std::string> cvat_files(const std::string& path) {
  if (is_cvat_file(path)) return {path};
  std::vector<std::string> files = files_ending(path, ".xml");
  if (!begin_with_form(files, is_cvat_file)) return {};
  std::erase_if(files, [](const std::string& file) { return !is_cvat_file(file); });
  return files;
}

/// The path of a picture below the folder of them: in a folder of its subset too.
std::string picture_of_image(const CvatImage& image, PicturePlaces& places, const std::string& root) {
  std::vector<std::string> written{image.name};
  if (!image.subset.empty()) written.push_back(image.subset + "/" + image.name);
  for (const std::string& name : written)
    if (auto found = places.find(name)) return *std::move(found);
  throw data_error(image.where, fmt::format("the picture is neither in {} nor in images/ there", root),
                   "the pictures that were labelled",
                   "export with 'Save images', or say where they are: data.images, a folder that has them");
}

ShapedPictures read_cvat(const std::string& path, const std::string& images, const DataWatch& watch) {
  const std::string own = fs::is_directory(path) ? path : directory_of(path).string();
  const std::string root = images.empty() ? own : images;
  ShapedPictures pictures(root, "CVAT", watch);
  PicturePlaces places(root);
  std::size_t tags = 0;
  for (const std::string& name : cvat_files(path)) {
    throw_if_cancelled(watch.progress);
    CvatFile file = parse_cvat_file(read_text(name, kMostCvatBytes), name, watch.faults);
    tags += file.tags;
    for (CvatImage& image : file.images)
      going_on(watch.faults, [&] {
        std::string picture = picture_of_image(image, places, root);
        pictures.add(part_named(image.subset), {.picture = std::move(picture),
                                                .where = image.where,
                                                .frame = image.frame,
                                                .shapes = std::move(image.shapes)});
      });
  }
  pictures.require_shapes();
  pictures.notice_unlabelled();
  if (tags > 0)
    watch.progress.notice(fmt::format("{}: {} of whole pictures not looked at", path, counted(tags, "tag")));
  return pictures;
}

}  // namespace

bool is_cvat_data(const std::string& path) { return !cvat_files(path).empty(); }

DataParts open_cvat_masks(const std::string& path, const std::string& images, const DataWatch& watch) {
  return read_cvat(path, images, watch).masks();
}

DataParts open_cvat_boxes(const std::string& path, const std::string& images, const DataWatch& watch) {
  return read_cvat(path, images, watch).boxes();
}

DataParts open_cvat(const std::string& path, const std::string& images, const DataWatch& watch) {
  return read_cvat(path, images, watch).as_drawn();
}

}  // namespace enxerto
