#include "enxerto/data/yolo.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/boxed_pictures.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/text_lines.h"
#include "enxerto/data/walk.h"
#include "enxerto/data/yaml_entries.h"
#include "enxerto/data/yolo_config.h"
#include "enxerto/data/yolo_labels.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostLabels = 1 << 26;
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
    PartOfYolo part;
    IgnoredEntries ignored;
    for (const std::string& path : paths) add_pictures(path, part, ignored);
    ignored.report(progress_);
    if (part.pictures.empty()) throw data_error(paths.front(), "no pictures", "a folder of pictures", "check the path");
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

  /// Where nobody names the classes their numbers do.
  void name_by_numbers(std::size_t count) {
    for (std::size_t i = classes_.size(); i < count; ++i) classes_.push_back(std::to_string(i));
  }

 private:
  void add(const std::string& path, BoxedPictures& pictures, PartOfYolo& part, BoxFaults& faults) {
    pictures.files.add_path(path_below(root_, path));
    const std::string labels = labels_of(path).string();
    if (!is_file(labels)) {
      ++part.without;
      return pictures.add({});
    }
    pictures.add(parse_yolo_labels(read_text(labels, kMostLabels), labels, classes_.size(), faults));
  }

  void notice(const PartOfYolo& part, std::size_t boxes, const std::string& where) {
    if (boxes == 0)
      throw data_error(where, fmt::format("{} without a single box", counted(part.pictures.size(), "picture")),
                       fmt::format("boxes in {}", labels_of(part.pictures.front()).string()),
                       "put the label files there");
    if (part.without > 0)
      progress_.notice(fmt::format("{}: {} of {} have no label file and are taken as pictures without objects", where,
                                   part.without, counted(part.pictures.size(), "picture")));
  }

  std::string root_;
  std::vector<std::string> classes_;
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

YoloFolders folders_of(const std::string& path) {
  YoloFolders folders;
  const auto has_labels = [](const fs::path& folder) {
    return fs::is_directory(folder / kPictures) && fs::is_directory(folder / kLabels);
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
  return is_file(path) ? text_lines_of(read_text(path, kMostYamlBytes)) : std::vector<std::string>();
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
      for (const LabelledBox& box : parse_yolo_labels(read_text(labels, kMostLabels), labels, 0, faults))
        most = std::max(most, box.label);
    }
  }
  faults.require_none();
  return static_cast<std::size_t>(most + 1);
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
  const YoloConfig config = parse_yolo_config(read_text(path, kMostYamlBytes), path);
  const fs::path own = fs::path(path).parent_path();
  const fs::path root = (own.empty() ? fs::path(".") : own) / config.path;
  if (config.train.empty())
    throw data_error(path, "no 'train'", "the folder of the training pictures", "add train: images/train");
  YoloReader reader(root.lexically_normal().string(), config.names, watch);
  const auto part = [&](const std::vector<std::string>& paths) { return reader.part(below(root, paths)); };
  DatasetPtr train = part(config.train), validation = part(config.validation);
  return parts_of(std::move(train), std::move(validation), part(config.test));
}

DataParts open_yolo_folder(const std::string& path, const DataWatch& watch) {
  if (const std::string config = yaml_in(path, is_yolo_config); !config.empty()) return open_yolo_config(config, watch);
  YoloFolders folders = folders_of(path);
  std::vector<std::string> classes = lines_of(path + "/classes.txt");
  if (classes.empty()) classes = lines_of(path + "/labels/classes.txt");
  std::vector<std::string> all = folders.whole;
  for (const auto& part : {folders.train, folders.validation, folders.test})
    all.insert(all.end(), part.begin(), part.end());
  YoloReader reader(path, classes, watch);
  if (classes.empty()) {
    const std::size_t count = classes_in(all, watch.faults.keeps());
    reader.name_by_numbers(count);
    watch.progress.notice(
        fmt::format("{}: no names for the {}: their numbers are used", path, counted(count, "class", "classes")));
  }
  DatasetPtr train = reader.part(folders.whole.empty() ? folders.train : folders.whole);
  DatasetPtr validation = reader.part(folders.validation);
  return parts_of(std::move(train), std::move(validation), reader.part(folders.test));
}

}  // namespace enxerto
