#include "enxerto/data/labelled_shapes.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <limits>
#include <memory>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/boxed_pictures.h"
#include "enxerto/data/walk.h"
#include "enxerto/media/image/image.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

/// Grows with what it is to hold.
class Extent {
 public:
  void take(double x, double y, double past = 0) {
    box_.left = std::min(box_.left, x);
    box_.right = std::max(box_.right, x + past);
    box_.top = std::min(box_.top, y);
    box_.bottom = std::max(box_.bottom, y + past);
  }

  const LabelledBox& box() const { return box_; }

 private:
  static constexpr double kFar = std::numeric_limits<double>::infinity();
  LabelledBox box_{.left = kFar, .top = kFar, .right = -kFar, .bottom = -kFar};
};

LabelledBox box_around(const LabelledShape& shape, const OutlineFrame& frame) {
  Extent extent;
  for (std::size_t i = 0; i + 1 < shape.points.size(); i += 2) extent.take(shape.points[i], shape.points[i + 1]);
  for_each_pixel(shape.runs, frame, [&](int x, int y) { extent.take(x, y, 1); });
  return extent.box();
}

}  // namespace

void ShapedPictures::add(std::optional<Part> part, ShapedPicture picture) {
  if (!known_.insert(picture.picture).second)
    throw data_error(picture.where, fmt::format("its picture {} was there already", picture.picture),
                     "each picture once");
  for (const LabelledShape& shape : picture.shapes) names_.insert(shape.label);
  pictures_.at(part ? static_cast<std::size_t>(*part) : 0).push_back(std::move(picture));
}

void ShapedPictures::require_shapes() const {
  if (std::ranges::all_of(pictures_, [](const auto& part) { return part.empty(); }))
    throw data_error(root_, "no picture to learn from", fmt::format("files of {} and their pictures", format_));
  if (names_.empty()) throw data_error(root_, "files without a single shape", "outlines or boxes around the objects");
}

bool ShapedPictures::only_rectangles() const {
  return std::ranges::all_of(pictures_, [](const auto& part) {
    return std::ranges::all_of(
        part, [](const ShapedPicture& one) { return std::ranges::all_of(one.shapes, &LabelledShape::rectangle); });
  });
}

void ShapedPictures::notice_unlabelled() const {
  std::set<std::string> folders;
  for (const std::string& picture : known_) folders.insert(fs::path(picture).parent_path().string());
  std::size_t without = 0;
  for (const std::string& folder : folders)
    for (const std::string& name : readable_entries((fs::path(root_) / folder).string()).files)
      without += medium_of_file(name) == Medium::image && !known_.contains((fs::path(folder) / name).string());
  if (without > 0)
    watch_.progress.notice(
        fmt::format("{}: {} not labelled in {} left out", root_, counted(without, "picture"), format_));
}

std::size_t ShapedPictures::number_of(const std::string& label) const {
  return to_size(std::distance(names_.begin(), names_.find(label)));
}

OutlinedPicture ShapedPictures::outlined(const ShapedPicture& one) const {
  OutlinedPicture picture{.picture = one.picture, .where = one.where, .frame = one.frame};
  if (picture.frame.width == 0) picture.frame = frame_of_picture(root_, one.picture);
  for (const LabelledShape& shape : one.shapes) {
    OutlinedObject object{.label = number_of(shape.label), .runs = shape.runs};
    if (!shape.points.empty()) object.polygons.push_back(shape.points);
    picture.objects.push_back(std::move(object));
  }
  return picture;
}

DataParts ShapedPictures::masks() const {
  std::vector<std::vector<OutlinedPicture>> parts;
  for (const auto& part : pictures_) {
    std::vector<OutlinedPicture>& of_part = parts.emplace_back();
    for (const ShapedPicture& one : part) {
      OutlinedPicture picture = outlined(one);
      if (picture.frame.width > 0) of_part.push_back(std::move(picture));  // else it cannot be read
    }
  }
  return as_parts(outlined_datasets(root_, std::move(parts), {names_.begin(), names_.end()}, Overlap::last, watch_));
}

std::vector<LabelledBox> ShapedPictures::boxes_in(const ShapedPicture& one, BoxFaults& faults) const {
  const BoxFrame frame = pixel_frame(one.frame.width, one.frame.height);
  std::vector<LabelledBox> boxes;
  for (const LabelledShape& shape : one.shapes) {
    LabelledBox box = box_around(shape, one.frame);
    const std::string given =
        fmt::format("'{}' from ({:g}, {:g}) to ({:g}, {:g})", shape.label, box.left, box.top, box.right, box.bottom);
    if (std::string fault = box_fault(box, frame, given); !fault.empty()) {
      faults.add(shape.where, std::move(fault));
      continue;
    }
    box.label = static_cast<std::int64_t>(number_of(shape.label));
    box.area = (box.right - box.left) * (box.bottom - box.top);
    boxes.push_back(box);
  }
  return boxes;
}

DataParts ShapedPictures::boxes() const {
  std::vector<BoxedPictures> parts;
  BoxFaults faults(watch_.faults);
  for (const auto& part : pictures_) {
    BoxedPictures& pictures = parts.emplace_back(root_);
    for (const ShapedPicture& one : part) {
      pictures.files.add_path(one.picture);
      pictures.add(boxes_in(one, faults),
                   {static_cast<double>(one.frame.width), static_cast<double>(one.frame.height)});
    }
  }
  faults.require_none();
  std::vector<DatasetPtr> sets;
  for (BoxedPictures& part : parts)
    sets.push_back(part.files.size() == 0 ? nullptr : boxed_dataset(std::move(part), {names_.begin(), names_.end()}));
  return as_parts(std::move(sets));
}

DataParts ShapedPictures::as_drawn() const { return only_rectangles() ? boxes() : masks(); }

DataParts ShapedPictures::as_parts(std::vector<DatasetPtr> sets) const {
  DataParts parts{.format = format_};
  const auto there = std::ranges::count_if(sets, [](const DatasetPtr& set) { return set != nullptr; });
  if (there < 2) {
    for (DatasetPtr& set : sets)
      if (set) parts.all = std::move(set);
    return parts;
  }
  if (!sets[0])
    throw data_error(root_, "no part that is to be learned from", "a folder train/, or pictures of the subset Train");
  parts.train = std::move(sets[0]);
  parts.validation = std::move(sets[1]);
  parts.test = std::move(sets[2]);
  return parts;
}

std::vector<double> corners_of_box(double left, double top, double right, double bottom) {
  return {left, top, right, top, right, bottom, left, bottom};
}

std::vector<double> polygon_of_ellipse(const DrawnEllipse& ellipse, const OutlineFrame& frame,
                                       const std::string& where) {
  constexpr int kCorners = 64;
  const double longest = std::hypot(frame.width, frame.height);
  const auto can_be = [&](double radius) { return radius > 0 && radius <= longest; };
  if (!can_be(ellipse.across) || !can_be(ellipse.down) || !std::isfinite(ellipse.x) || !std::isfinite(ellipse.y))
    throw data_error(where,
                     ellipse.across == ellipse.down
                         ? fmt::format("a circle of the radius {:g}", ellipse.across)
                         : fmt::format("an ellipse of the radii {:g} and {:g}", ellipse.across, ellipse.down),
                     fmt::format("a radius above 0 and up to the picture's diagonal, {:.0f} px", longest),
                     "draw it again, or remove it");
  const double turned = ellipse.degrees * std::numbers::pi / 180;
  std::vector<double> points;
  for (int i = 0; i < kCorners; ++i) {
    const double angle = 2 * std::numbers::pi * i / kCorners;
    const double x = ellipse.across * std::cos(angle), y = ellipse.down * std::sin(angle);
    points.push_back(std::clamp<double>(ellipse.x + x * std::cos(turned) - y * std::sin(turned), 0, frame.width));
    points.push_back(std::clamp<double>(ellipse.y + x * std::sin(turned) + y * std::cos(turned), 0, frame.height));
  }
  return points;
}

void require_shape(const LabelledShape& shape, const OutlineFrame& frame) {
  if (shape.label.find_first_not_of(" \t\r\n") == std::string::npos)
    throw data_error(shape.where, "a shape without a label", "the name of its class", "label it, or remove it");
  if (shape.points.empty()) return;
  if (const std::string fault = polygon_fault(shape.points, frame); !fault.empty())
    throw data_error(shape.where, fmt::format("'{}': {}", shape.label, fault),
                     "a shape with an area, inside its picture", "correct it, or remove it");
}

OutlineFrame frame_of_sides(double width, double height, const std::string& where) {
  constexpr double kLargestSide = 1 << 16;
  const auto can_be = [](double side) { return side >= 1 && side <= kLargestSide; };
  if (!can_be(width) || !can_be(height) || width * height > static_cast<double>(kMaxPixels))
    throw data_error(where, fmt::format("a picture of {:g} x {:g} px", width, height),
                     "its width and height in pixels");
  return {static_cast<int>(width), static_cast<int>(height)};
}

}  // namespace enxerto
