#include "enxerto/data/labelme.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <optional>
#include <ranges>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/box_faults.h"
#include "enxerto/data/boxed_pictures.h"
#include "enxerto/data/labelme_file.h"
#include "enxerto/data/listed_files.h"
#include "enxerto/data/outlined_pictures.h"
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

constexpr std::size_t kFilesLookedAt = 8;

/// Paths of the files in a folder, where one of the first .json is one: a damaged one among them is named later.
std::vector<std::string> labelme_files_in(const std::string& folder) {
  std::vector<std::string> files;
  for (const std::string& name : readable_entries(folder).files)
    if (name.ends_with(".json")) files.push_back(folder + "/" + name);
  if (std::ranges::none_of(files | std::views::take(kFilesLookedAt), is_labelme_file)) files.clear();
  return files;
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

/// A file of one part, and where its picture lies below the data's folder.
struct LabelledPicture {
  std::string path, picture;
  LabelmeFile file;
};

class LabelmeReader {
 public:
  LabelmeReader(std::string root, const DataWatch& watch) : root_(std::move(root)), listed_(root_), watch_(watch) {
    const LabelmeParts parts = labelme_parts(root_);
    whole_ = parts.whole;
    for (std::size_t i = 0; i < kPartCount; ++i)
      for (const std::string& path : parts.files.at(i)) {
        throw_if_cancelled(watch_.progress);
        going_on(watch_.faults, [&] { add(path, pictures_.at(i)); });
      }
    if (pictures_[0].empty())
      throw data_error(root_, "no picture to learn from", "files of LabelMe and their pictures");
    if (names_.empty()) throw data_error(root_, "files without a single shape", "polygons around the objects");
    notice_unlabelled();
  }

  bool only_rectangles() const {
    return std::ranges::all_of(pictures_, [](const auto& part) {
      return std::ranges::all_of(part, [](const LabelledPicture& one) {
        return std::ranges::all_of(one.file.shapes, &LabelmeShape::rectangle);
      });
    });
  }

  DataParts masks() const {
    std::vector<std::vector<OutlinedPicture>> parts;
    for (const auto& part : pictures_) {
      std::vector<OutlinedPicture>& of_part = parts.emplace_back();
      for (const LabelledPicture& one : part) {
        OutlinedPicture outlined{.picture = one.picture, .where = one.path, .frame = one.file.frame};
        for (const LabelmeShape& shape : one.file.shapes)
          outlined.objects.push_back({.label = number_of(shape.label), .polygons = {shape.points}});
        of_part.push_back(std::move(outlined));
      }
    }
    return as_parts(outlined_datasets(root_, std::move(parts), {names_.begin(), names_.end()}, Overlap::last, watch_));
  }

  DataParts boxes() const {
    std::vector<BoxedPictures> parts;
    BoxFaults faults(watch_.faults);
    for (const auto& part : pictures_) {
      BoxedPictures& pictures = parts.emplace_back(root_);
      for (const LabelledPicture& one : part) {
        pictures.files.add_path(one.picture);
        pictures.add(boxes_of_file(one.file, faults),
                     {static_cast<double>(one.file.frame.width), static_cast<double>(one.file.frame.height)});
      }
    }
    faults.require_none();
    std::vector<DatasetPtr> sets;
    for (BoxedPictures& part : parts)
      sets.push_back(part.files.size() == 0 ? nullptr : boxed_dataset(std::move(part), {names_.begin(), names_.end()}));
    return as_parts(std::move(sets));
  }

 private:
  void add(const std::string& path, std::vector<LabelledPicture>& part) {
    LabelmeFile file = read_labelme_file(path, watch_.faults);
    const fs::path folder = fs::path(path).lexically_relative(root_).parent_path();
    std::optional<std::string> picture = listed_.find((folder / file.picture).lexically_normal().string());
    for (const std::string& name : {fs::path(file.picture).filename().string(), fs::path(path).stem().string()})
      if (!picture) picture = listed_.find((folder / name).string());
    if (!picture)
      throw data_error(path, fmt::format("its picture '{}' is neither there nor beside the file", file.picture),
                       "the picture that was labelled", "put it beside the file");
    for (const LabelmeShape& shape : file.shapes) names_.insert(shape.label);
    part.push_back({.path = path, .picture = *std::move(picture), .file = std::move(file)});
  }

  void notice_unlabelled() {
    std::set<std::string> labelled, folders;
    for (const auto& part : pictures_)
      for (const LabelledPicture& one : part) {
        labelled.insert(one.picture);
        folders.insert(fs::path(one.picture).parent_path().string());
      }
    std::size_t without = 0;
    for (const std::string& folder : folders)
      for (const std::string& name : readable_entries((fs::path(root_) / folder).string()).files)
        without += medium_of_file(name) == Medium::image && !labelled.contains((fs::path(folder) / name).string());
    if (without > 0)
      watch_.progress.notice(
          fmt::format("{}: {} without a file of LabelMe left out", root_, counted(without, "picture")));
  }

  std::size_t number_of(const std::string& label) const {
    return static_cast<std::size_t>(std::distance(names_.begin(), names_.find(label)));
  }

  std::vector<LabelledBox> boxes_of_file(const LabelmeFile& file, BoxFaults& faults) const {
    const BoxFrame frame = pixel_frame(file.frame.width, file.frame.height);
    std::vector<LabelledBox> boxes;
    for (const LabelmeShape& shape : file.shapes) {
      LabelledBox box = box_around(shape);
      const std::string given =
          fmt::format("'{}' from ({:g}, {:g}) to ({:g}, {:g})", shape.label, box.left, box.top, box.right, box.bottom);
      if (std::string fault = box_fault(box, frame, given); !fault.empty()) {
        faults.add(shape.where, std::move(fault));
        continue;
      }
      box.area = (box.right - box.left) * (box.bottom - box.top);
      boxes.push_back(box);
    }
    return boxes;
  }

  LabelledBox box_around(const LabelmeShape& shape) const {
    LabelledBox box{.left = shape.points[0],
                    .top = shape.points[1],
                    .right = shape.points[0],
                    .bottom = shape.points[1],
                    .label = static_cast<std::int64_t>(number_of(shape.label))};
    for (std::size_t i = 0; i < shape.points.size(); i += 2) {
      box.left = std::min(box.left, shape.points[i]);
      box.right = std::max(box.right, shape.points[i]);
      box.top = std::min(box.top, shape.points[i + 1]);
      box.bottom = std::max(box.bottom, shape.points[i + 1]);
    }
    return box;
  }

  DataParts as_parts(std::vector<DatasetPtr> sets) const {
    DataParts parts{.format = "LabelMe"};
    (whole_ || (sets[1] == nullptr && sets[2] == nullptr) ? parts.all : parts.train) = std::move(sets[0]);
    parts.validation = std::move(sets[1]);
    parts.test = std::move(sets[2]);
    return parts;
  }

  std::string root_;
  ListedFiles listed_;
  DataWatch watch_;
  bool whole_ = false;
  std::array<std::vector<LabelledPicture>, kPartCount> pictures_ = {};
  std::set<std::string> names_;
};

}  // namespace

bool is_labelme_folder(const std::string& path) { return !labelme_parts(path).files[0].empty(); }

DataParts open_labelme_masks(const std::string& path, const DataWatch& watch) {
  return LabelmeReader(path, watch).masks();
}

DataParts open_labelme_boxes(const std::string& path, const DataWatch& watch) {
  return LabelmeReader(path, watch).boxes();
}

DataParts open_labelme_folder(const std::string& path, const DataWatch& watch) {
  const LabelmeReader reader(path, watch);
  return reader.only_rectangles() ? reader.boxes() : reader.masks();
}

}  // namespace enxerto
