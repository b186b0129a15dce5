#include "enxerto/data/label_studio_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <ios>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/file_list.h"
#include "enxerto/data/picture_places.h"
#include "enxerto/data/walk.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/json.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr double kPercent = 100;

/// A shape in percent, and the picture's size.
struct PercentShape {
  const Json& value;
  const OutlineFrame& frame;
  const std::string& where;

  double number(const char* key) const {
    const auto found = value.find(key);
    if (found == value.end() || !found->is_number())
      throw data_error(where, fmt::format("'{}' is missing or no number", key), "a shape as Label Studio writes it");
    return found->get<double>();
  }
  double across(const char* key) const { return number(key) * frame.width / kPercent; }
  double down(const char* key) const { return number(key) * frame.height / kPercent; }
  double degrees() const { return value.contains("rotation") ? number("rotation") : 0; }
};

void read_rectangle(const PercentShape& read, LabelledShape& shape) {
  if (const double degrees = read.degrees(); degrees != 0)
    throw data_error(read.where, fmt::format("a box of '{}' that is turned by {:g} degrees", shape.label, degrees),
                     "a box that stands upright", "draw it as a polygon");
  const double left = read.across("x"), top = read.down("y");
  shape.rectangle = true;
  shape.points = corners_of_box(left, top, left + read.across("width"), top + read.down("height"));
}

void read_ellipse_in_percent(const PercentShape& read, LabelledShape& shape) {
  shape.points = polygon_of_ellipse({.x = read.across("x"),
                                     .y = read.down("y"),
                                     .across = read.across("radiusX"),
                                     .down = read.down("radiusY"),
                                     .degrees = read.degrees()},
                                    read.frame, read.where);
}

void read_polygon_in_percent(const PercentShape& read, LabelledShape& shape) {
  for (const auto& point : member<std::vector<std::vector<double>>>(read.value, "points", read.where)) {
    if (point.size() != 2) throw data_error(read.where, fmt::format("a point of {} numbers", point.size()), "x and y");
    shape.points.push_back(point[0] * read.frame.width / kPercent);
    shape.points.push_back(point[1] * read.frame.height / kPercent);
  }
  if (shape.points.empty()) throw data_error(read.where, "a polygon without points", "x and y of three or more");
}

[[noreturn]] void refuse_brush(const PercentShape& read, LabelledShape& shape) {
  throw data_error(read.where, fmt::format("'{}' is painted with the brush (brushlabels)", shape.label),
                   "rectangles, polygons or ellipses",
                   "export as COCO where your version offers it for brushes, or draw polygons");
}

/// What a shape is is told by the members that it has.
struct StudioKind {
  const char* member;
  void (*read)(const PercentShape& read, LabelledShape& shape);
};
constexpr std::array<StudioKind, 4> kStudioKinds{{{"rle", refuse_brush},
                                                  {"points", read_polygon_in_percent},
                                                  {"radiusX", read_ellipse_in_percent},
                                                  {"height", read_rectangle}}};

/// The one label in "rectanglelabels", "polygonlabels", "labels" ..
std::string label_of(const Json& value, const std::string& where) {
  for (const auto& [key, labels] : value.items()) {
    if (!key.ends_with("labels") || !labels.is_array()) continue;
    if (labels.size() > 1)
      throw data_error(where, fmt::format("{} labels of one shape: {}", labels.size(), labels.dump()), "one",
                       "choose one of them");
    if (!labels.empty() && labels[0].is_string()) return labels[0].get<std::string>();
  }
  return "";
}

bool has_label(const Json& value) {
  for (const auto& [key, labels] : value.items())
    if (key.ends_with("labels") && labels.is_array() && !labels.empty()) return true;
  return false;
}

OutlineFrame frame_of_result(const Json& result, const std::string& where) {
  const OutlineFrame frame = frame_of_sides(member<double>(result, "original_width", where),
                                            member<double>(result, "original_height", where), where);
  if (result.contains("image_rotation") && result["image_rotation"].is_number() && result["image_rotation"] != 0)
    throw data_error(where, fmt::format("its picture was turned by {} degrees", result["image_rotation"].dump()),
                     "a picture that was labelled as it is", "turn the picture itself, and label it again");
  return frame;
}

/// `value`: what was drawn; `result`: what says the size of its picture.
void add_drawn(const Json& value, const Json& result, const std::string& where, LabelStudioTask& task) {
  const OutlineFrame frame = frame_of_result(result, where);
  if (task.frame.width == 0) task.frame = frame;
  if (task.frame.width != frame.width || task.frame.height != frame.height)
    throw data_error(where,
                     fmt::format("its picture has {} x {} px, and {} x {} by another shape of the task", frame.width,
                                 frame.height, task.frame.width, task.frame.height),
                     "one size of one picture", "export the task again");
  LabelledShape shape{.label = label_of(value, where), .where = where};
  const PercentShape read{value, frame, where};
  const auto* const kind =
      std::ranges::find_if(kStudioKinds, [&](const StudioKind& one) { return value.contains(one.member); });
  if (kind == kStudioKinds.end())
    throw data_error(where, fmt::format("'{}' is drawn as something without an area", shape.label),
                     "a rectangle, a polygon or an ellipse", "draw it as a polygon, or remove it");
  kind->read(read, shape);
  require_shape(shape, frame);
  task.shapes.push_back(std::move(shape));
}

/// Of the texts in an object the first that names a picture.
std::string picture_in(const Json& object) {
  for (const auto& [key, value] : object.items())
    if (value.is_string() && medium_of_file(path_in_address(value.get<std::string>())) == Medium::image)
      return value.get<std::string>();
  return "";
}

std::string time_of(const Json& annotation) {
  const auto made = annotation.find("created_at");
  return made != annotation.end() && made->is_string() ? made->get<std::string>() : "";
}

bool was_skipped(const Json& annotation) {
  const auto skipped = annotation.find("was_cancelled");
  return !annotation.is_object() || (skipped != annotation.end() && *skipped == true);
}

/// The annotation that counts; null where nobody has finished the task.
const Json* last_annotation(const Json& task, LabelStudioFile& file) {
  const Json* last = nullptr;
  std::size_t count = 0;
  for (const Json& annotation : task["annotations"]) {
    if (was_skipped(annotation)) continue;
    ++count;
    if (last == nullptr || time_of(annotation) >= time_of(*last)) last = &annotation;
  }
  file.several += count > 1 ? 1 : 0;
  return last;
}

/// A shape of the full form: where "value" is one.
bool is_drawn(const Json& result) {
  return result.is_object() && result.contains("value") && result["value"].is_object() &&
         result.contains("original_width");
}

/// Of the full form.
void read_results(const Json& annotation, LabelStudioTask& task, DataFaults& faults) {
  if (!annotation.contains("result") || !annotation["result"].is_array())
    throw data_error(task.where, "an annotation without 'result'", "a task as Label Studio writes it");
  std::size_t number = 0;
  for (const Json& result : annotation["result"]) {
    const std::string where = fmt::format("{}: shape {}", task.where, ++number);
    const auto labels_it = [&](const Json& other) {  // a label may stand apart from its shape, under the same id
      return is_drawn(other) && &other != &result && has_label(other["value"]) &&
             other.value("id", Json()) == result.value("id", Json());
    };
    const bool repeated =
        is_drawn(result) && !has_label(result["value"]) && std::ranges::any_of(annotation["result"], labels_it);
    if (is_drawn(result) && !repeated) going_on(faults, [&] { add_drawn(result["value"], result, where, task); });
  }
}

/// Of JSON-MIN: lists of shapes among the members of the task.
bool read_min_shapes(const Json& json, LabelStudioTask& task, DataFaults& faults) {
  bool labelled = false;
  std::size_t number = 0;
  for (const auto& [key, list] : json.items()) {
    if (!list.is_array()) continue;
    labelled = true;
    for (const Json& shape : list)
      if (shape.is_object() && shape.contains("original_width"))
        going_on(faults, [&] { add_drawn(shape, shape, fmt::format("{}: shape {}", task.where, ++number), task); });
  }
  return labelled || json.contains("annotation_id");
}

void add_task(const Json& json, const std::string& path, LabelStudioFile& file, DataFaults& faults) {
  LabelStudioTask task{.where =
                           fmt::format("{}: task {}", path, json.contains("id") ? json["id"].dump() : "without id")};
  const bool whole = json.contains("annotations") && json["annotations"].is_array();
  const Json& data = whole && json.contains("data") && json["data"].is_object() ? json["data"] : json;
  task.picture = picture_in(data);
  const Json* annotation = whole ? last_annotation(json, file) : nullptr;
  if (whole && annotation == nullptr) {
    ++file.unfinished;
    return;
  }
  if (whole)
    read_results(*annotation, task, faults);
  else if (!read_min_shapes(json, task, faults)) {
    ++file.unfinished;
    return;
  }
  if (task.picture.empty())
    throw data_error(task.where, "no picture among its data", "a name or an address that ends as those of pictures",
                     "export tasks of pictures");
  file.tasks.push_back(std::move(task));
}

}  // namespace

bool is_label_studio_file(const std::string& path) {
  constexpr std::size_t kLooked = 1 << 16;
  if (!path.ends_with(".json") || !is_file(path)) return false;
  std::string head(kLooked, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(to_size(file.gcount()));
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || head[first] != '[') return false;
  constexpr std::array<std::string_view, 3> kWords{"\"annotations\"", "\"original_width\"", "\"annotation_id\""};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return head.find(word) != std::string::npos; });
}

LabelStudioFile read_label_studio_file(const std::string& path, DataFaults& faults) {
  const Json json = read_json(path, kMostBytes);
  if (!json.is_array()) throw data_error(path, "no list of tasks", "a file as Label Studio writes it");
  LabelStudioFile file;
  for (const Json& task : json)
    going_on(faults, [&] {
      if (!task.is_object()) throw data_error(path, "a task that is no object", "a file as Label Studio writes it");
      add_task(task, path, file, faults);
    });
  return file;
}

}  // namespace enxerto
