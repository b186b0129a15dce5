#include "enxerto/data/yolo.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/boxed_pictures.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/labelled_shapes.h"
#include "enxerto/data/outlined_pictures.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/text_lines.h"
#include "enxerto/data/walk.h"
#include "enxerto/data/yaml_entries.h"
#include "enxerto/data/yolo_config.h"
#include "enxerto/data/yolo_labels.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"
#include "enxerto/files/require_utf8.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostLabels = 1 << 26;
constexpr std::size_t kLabelsLookedAt = 64;  // files
constexpr std::string_view kPictures = "images", kLabels = "labels";

/// Where the boxes of a picture are: its last folder "images" is called "labels" there.
fs::path labels_of(const fs::path& picture) {
  std::vector<fs::path> names(picture.begin(), picture.end());
  const auto last = std::find(names.rbegin(), names.rend(), fs::path(kPictures));
  if (last != names.rend()) *last = fs::path(kLabels);
  fs::path labels;
  for (const fs::path& name : names) labels /= name;
  return labels.replace_extension(".txt");
}

/// What is read of one part.
struct PartOfYolo {
  std::vector<std::string> pictures;  ///< paths
  std::size_t without = 0;            ///< that have no file of boxes
};

void add_pictures(const std::string& path, PartOfYolo& part, IgnoredEntries& ignored) {
  if (fs::is_directory(path)) {
    FileList list("");
    add_files("", path, -1, list, ignored);
    for (std::size_t i = 0; i < list.size(); ++i) part.pictures.push_back(list.path(i));
    return;
  }
  if (!path.ends_with(".txt") || !is_file(path))
    throw data_error(path, "neither a folder nor a list of pictures (.txt)", "a folder of pictures",
                     "check the .yaml file");
  for (std::string& name : text_lines_of(read_text(path, kMostLabels))) {
    if (fs::path(name).is_relative()) name = (fs::path(path).parent_path() / name).lexically_normal().string();
    part.pictures.push_back(std::move(name));
  }
}

class YoloReader {
 public:
  YoloReader(std::string root, std::vector<std::string> classes, const DataWatch& watch)
      : root_(std::move(root)), classes_(std::move(classes)), progress_(watch.progress), faults_(watch.faults) {}

  DatasetPtr part(const std::vector<std::string>& paths) {
    if (paths.empty()) return nullptr;
    PartOfYolo part = pictures_at(paths);
    BoxedPictures pictures(root_, BoxedPictures::Unit::shares);
    BoxFaults faults(faults_);
    for (const std::string& path : part.pictures) {
      throw_if_cancelled(progress_);
      add(path, pictures, part, faults);
    }
    faults.require_none();
    notice(part, pictures.boxes(), paths.front());
    return boxed_dataset(std::move(pictures), classes_);
  }

  /// The pictures of a part and their outlines, a box as one of four corners.
  std::vector<OutlinedPicture> outlines(const std::vector<std::string>& paths) {
    if (paths.empty()) return {};
    std::vector<OutlinedPicture> pictures;
    PartOfYolo part = pictures_at(paths);
    BoxFaults faults(faults_);
    for (const std::string& path : part.pictures) {
      throw_if_cancelled(progress_);
      OutlinedPicture picture = outlined(path, part, faults);
      if (picture.frame.width > 0) pictures.push_back(std::move(picture));  // else it cannot be read
    }
    faults.require_none();
    notice(part, part.pictures.size(), paths.front());
    return pictures;
  }

  /// Parts of which all may be empty but the first.
  std::vector<DatasetPtr> masks(std::vector<std::vector<OutlinedPicture>> parts) {
    if (outlines_ == 0)
      throw data_error(root_, "boxes, and no outline of an object", "lines of a class and three points or more",
                       "export outlines, or leave out data.kind = \"masks\" to learn boxes");
    return outlined_datasets(root_, std::move(parts), classes_, Overlap::ignored, {progress_, faults_});
  }

 private:
  PartOfYolo pictures_at(const std::vector<std::string>& paths) {
    PartOfYolo part;
    IgnoredEntries ignored;
    for (const std::string& path : paths) add_pictures(path, part, ignored);
    ignored.report(progress_);
    if (part.pictures.empty()) throw data_error(paths.front(), "no pictures", "a folder of pictures", "check the path");
    return part;
  }

  void add(const std::string& path, BoxedPictures& pictures, PartOfYolo& part, BoxFaults& faults) {
    pictures.files.add_path(path_below(root_, path));
    const std::string labels = labels_of(path).string();
    if (!is_file(labels)) {
      ++part.without;
      return pictures.add({});
    }
    std::vector<LabelledBox> boxes;
    for (const YoloObject& one : parse_yolo_labels(read_text(labels, kMostLabels), labels, classes_.size(), faults))
      boxes.push_back(one.box);
    pictures.add(boxes);
  }

  OutlinedPicture outlined(const std::string& path, PartOfYolo& part, BoxFaults& faults) {
    const std::string labels = labels_of(path).string(), name = path_below(root_, path);
    OutlinedPicture picture{.picture = name, .where = labels, .frame = frame_of_picture(root_, name)};
    part.without += is_file(labels) ? 0 : 1;
    if (!is_file(labels)) return picture;
    for (YoloObject& one : parse_yolo_labels(read_text(labels, kMostLabels), labels, classes_.size(), faults)) {
      outlines_ += one.outline.empty() ? 0 : 1;
      const LabelledBox& box = one.box;
      if (one.outline.empty()) one.outline = corners_of_box(box.left, box.top, box.right, box.bottom);
      for (std::size_t i = 0; i < one.outline.size(); ++i)
        one.outline[i] *= i % 2 == 0 ? picture.frame.width : picture.frame.height;
      picture.objects.push_back({.label = to_size(box.label), .polygons = {std::move(one.outline)}});
    }
    return picture;
  }

  void notice(const PartOfYolo& part, std::size_t boxes, const std::string& where) {
    if (boxes == 0)
      throw data_error(where, fmt::format("{} without a single box", counted(part.pictures.size(), "picture")),
                       fmt::format("boxes in {}", labels_of(part.pictures.front()).string()),
                       "put the label files there");
    if (part.without > 0)
      progress_.notice(fmt::format("{}: {} of {} {} without a label file: taken as without objects", where,
                                   part.without, counted(part.pictures.size(), "picture"),
                                   part.without == 1 ? "is" : "are"));
  }

  std::string root_;
  std::vector<std::string> classes_;
  std::size_t outlines_ = 0;
  Progress& progress_;
  DataFaults& faults_;
};

std::vector<std::string> below(const fs::path& root, const std::vector<std::string>& paths) {
  std::vector<std::string> whole;
  for (const std::string& path : paths) whole.push_back((root / path).lexically_normal().string());
  return whole;
}

DataParts parts_of(DatasetPtr train, DatasetPtr validation, DatasetPtr test) {
  DataParts parts{.format = "YOLO"};
  if (!validation && !test) {
    parts.all = std::move(train);
  } else {
    parts.train = std::move(train);
    parts.validation = std::move(validation);
    parts.test = std::move(test);
  }
  return parts;
}

/// Folders of pictures of a data set without a .yaml: images/, images/train/, or train/images/.
struct YoloFolders {
  std::vector<std::string> whole, train, validation, test;

  std::vector<std::string>& of(Part part) {
    return part == Part::train ? train : part == Part::validation ? validation : test;
  }
};

/// Files, but no .txt, at any of the first places: masks or a table, which have forms of their own.
bool holds_others_only(const fs::path& folder) {
  std::size_t seen = 0;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end && seen < kLabelsLookedAt;
       at.increment(failed)) {
    if (at->is_directory(failed) || at->path().filename().string().starts_with('.')) continue;
    if (at->path().extension() == ".txt") return false;
    ++seen;
  }
  return seen > 0;
}

YoloFolders folders_of(const std::string& path) {
  YoloFolders folders;
  const auto has_labels = [](const fs::path& folder) {
    return fs::is_directory(folder / kPictures) && fs::is_directory(folder / kLabels) &&
           !holds_others_only(folder / kLabels);
  };
  if (has_labels(path)) {
    const std::string pictures = path + "/" + std::string(kPictures);
    for (const std::string& name : readable_entries(pictures).folders)
      if (const auto part = part_named(name)) folders.of(*part).push_back(pictures + "/" + name);
    if (folders.train.empty()) folders = {.whole = {pictures}, .train = {}, .validation = {}, .test = {}};
    return folders;
  }
  for (const std::string& name : readable_entries(path).folders)
    if (const auto part = part_named(name); part && has_labels(path + "/" + name))
      folders.of(*part).push_back(path + "/" + name + "/" + std::string(kPictures));
  return folders;
}

std::vector<std::string> lines_of(const std::string& path) {
  if (!is_file(path)) return {};
  const std::string text = read_text(path, kMostYamlBytes);
  require_utf8(text, path);
  return text_lines_of(text);
}

/// One more than the highest class of any picture. What is wrong is told of by who reads the boxes, where it is kept.
std::size_t classes_in(const std::vector<std::string>& folders, bool keeps) {
  std::int64_t most = -1;
  KeptFaults told_later;
  BoxFaults faults(keeps ? told_later : refused_faults());
  for (const std::string& folder : folders) {
    PartOfYolo part;
    IgnoredEntries ignored;
    add_pictures(folder, part, ignored);
    for (const std::string& picture : part.pictures) {
      const std::string labels = labels_of(picture).string();
      if (!is_file(labels)) continue;
      for (const YoloObject& one : parse_yolo_labels(read_text(labels, kMostLabels), labels, 0, faults))
        most = std::max(most, one.box.label);
    }
  }
  faults.require_none();
  return static_cast<std::size_t>(most + 1);
}

/// What the pictures of each part are called, and the classes.
struct YoloLayout {
  std::string root;
  std::vector<std::string> classes, train, validation, test;
};

YoloLayout layout_of_config(const std::string& path) {
  YoloConfig config = parse_yolo_config(read_text(path, kMostYamlBytes), path);
  const fs::path own = fs::path(path).parent_path();
  const fs::path root = (own.empty() ? fs::path(".") : own) / config.path;
  if (config.train.empty())
    throw data_error(path, "no 'train'", "the folder of the training pictures", "add train: images/train");
  return {.root = root.lexically_normal().string(),
          .classes = std::move(config.names),
          .train = below(root, config.train),
          .validation = below(root, config.validation),
          .test = below(root, config.test)};
}

YoloLayout layout_of_folder(const std::string& path, const DataWatch& watch) {
  if (const std::string config = yaml_in(path, is_yolo_config); !config.empty()) return layout_of_config(config);
  YoloFolders folders = folders_of(path);
  std::vector<std::string> classes = lines_of(path + "/classes.txt");
  if (classes.empty()) classes = lines_of(path + "/labels/classes.txt");
  std::vector<std::string> all = folders.whole;
  for (const auto& part : {folders.train, folders.validation, folders.test})
    all.insert(all.end(), part.begin(), part.end());
  if (classes.empty()) {
    const std::size_t count = classes_in(all, watch.faults.keeps());
    for (std::size_t i = 0; i < count; ++i) classes.push_back(std::to_string(i));
    watch.progress.notice(
        fmt::format("{}: no names for the {}: their numbers are used", path, counted(count, "class", "classes")));
  }
  return {.root = path,
          .classes = std::move(classes),
          .train = folders.whole.empty() ? std::move(folders.train) : std::move(folders.whole),
          .validation = std::move(folders.validation),
          .test = std::move(folders.test)};
}

using YoloParts = std::vector<DatasetPtr>;

YoloParts yolo_boxes(YoloReader& reader, const YoloLayout& layout) {
  YoloParts parts;
  for (const auto& paths : {layout.train, layout.validation, layout.test}) parts.push_back(reader.part(paths));
  return parts;
}

YoloParts yolo_masks(YoloReader& reader, const YoloLayout& layout) {
  std::vector<std::vector<OutlinedPicture>> parts;
  for (const auto& paths : {layout.train, layout.validation, layout.test}) parts.push_back(reader.outlines(paths));
  return reader.masks(std::move(parts));
}

DataParts read_yolo(const YoloLayout& layout, YoloParts (*parts)(YoloReader&, const YoloLayout&),
                    const DataWatch& watch) {
  YoloReader reader(layout.root, layout.classes, watch);
  YoloParts read = parts(reader, layout);
  return parts_of(std::move(read[0]), std::move(read[1]), std::move(read[2]));
}

}  // namespace

bool is_yolo_config(const std::string& path) {
  const std::string text = yaml_text(path);
  return has_yaml_key(text, "names") && (has_yaml_key(text, "train") || has_yaml_key(text, "val"));
}

bool is_yolo_folder(const std::string& path) {
  const YoloFolders folders = folders_of(path);
  return !folders.whole.empty() || !folders.train.empty() || !yaml_in(path, is_yolo_config).empty();
}

DataParts open_yolo_config(const std::string& path, const DataWatch& watch) {
  return read_yolo(layout_of_config(path), &yolo_boxes, watch);
}

DataParts open_yolo_mask_config(const std::string& path, const DataWatch& watch) {
  return read_yolo(layout_of_config(path), &yolo_masks, watch);
}

DataParts open_yolo_folder(const std::string& path, const DataWatch& watch) {
  return read_yolo(layout_of_folder(path, watch), &yolo_boxes, watch);
}

DataParts open_yolo_mask_folder(const std::string& path, const DataWatch& watch) {
  return read_yolo(layout_of_folder(path, watch), &yolo_masks, watch);
}

}  // namespace enxerto
