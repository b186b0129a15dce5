#include "label_files.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/utf8.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/json.h"
#include "enxerto/report/format.h"
#include "session.h"

namespace enxerto::cli {
namespace {

namespace fs = std::filesystem;

/// Left, top, right, bottom, cut at the picture's borders.
std::array<double, 4> inside(const Prediction& one, const PictureSize& size) {
  std::array<double, 4> box = one.box.value_or(std::array<double, 4>{});
  for (std::size_t i = 0; i < box.size(); ++i)
    box[i] = std::clamp(box[i], 0.0, static_cast<double>(i % 2 == 0 ? size.width : size.height));
  return box;
}

std::string yolo_text(const LabelledPicture& picture) {
  std::string lines;
  for (const Prediction& one : picture.boxes) {
    const auto [left, top, right, bottom] = inside(one, picture.size);
    const double width = picture.size.width, height = picture.size.height;
    lines += fmt::format("{} {:.6f} {:.6f} {:.6f} {:.6f}\n", one.index.value_or(0), (left + right) / 2 / width,
                         (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height);
  }
  return lines;
}

/// Pixels from 1, of which the last is in the box: at least one.
std::string voc_object(const Prediction& one, const PictureSize& size) {
  const auto box = inside(one, size);
  const auto first = [](double place, int most) { return std::min(static_cast<int>(std::lround(place)) + 1, most); };
  const int left = first(box[0], size.width), top = first(box[1], size.height);
  const int right = std::max(left, static_cast<int>(std::lround(box[2])));
  const int bottom = std::max(top, static_cast<int>(std::lround(box[3])));
  return fmt::format(
      "  <object>\n    <name>{}</name>\n    <difficult>0</difficult>\n    <bndbox>\n      <xmin>{}</xmin>\n"
      "      <ymin>{}</ymin>\n      <xmax>{}</xmax>\n      <ymax>{}</ymax>\n    </bndbox>\n  </object>\n",
      escape_html(one.label), left, top, right, bottom);
}

std::string voc_text(const LabelledPicture& picture) {
  std::string text = fmt::format(
      "<annotation>\n  <filename>{}</filename>\n  <size>\n    <width>{}</width>\n    <height>{}</height>\n"
      "    <depth>3</depth>\n  </size>\n",
      escape_html(as_utf8(fs::path(picture.path).filename().string())), picture.size.width, picture.size.height);
  for (const Prediction& one : picture.boxes) text += voc_object(one, picture.size);
  return text + "</annotation>\n";
}

/// A thousandth of a pixel says enough.
double in_thousandths(double pixels) {
  constexpr double kPart = 1000;
  return std::round(pixels * kPart) / kPart;
}

Json coco_annotation(const Prediction& one, const LabelledPicture& picture, std::int64_t category) {
  const auto [left, top, right, bottom] = inside(one, picture.size);
  const double width = in_thousandths(right - left), height = in_thousandths(bottom - top);
  return {{"image_id", picture.id},
          {"category_id", category},
          {"bbox", {in_thousandths(left), in_thousandths(top), width, height}},
          {"area", in_thousandths(width * height)},
          {"iscrowd", 0},
          {"score", one.score.value_or(0)}};
}

std::string coco_text(const std::vector<LabelledPicture>& pictures, const std::vector<LabelledClass>& classes) {
  Json images = Json::array(), annotations = Json::array(), categories = Json::array();
  for (const LabelledPicture& picture : pictures) {
    images.push_back({{"id", picture.id},
                      {"file_name", as_utf8(picture.path)},
                      {"width", picture.size.width},
                      {"height", picture.size.height}});
    for (const Prediction& one : picture.boxes) {
      Json annotation{{"id", annotations.size() + 1}};
      annotation.update(coco_annotation(one, picture, classes.at(static_cast<std::size_t>(one.index.value_or(0))).id));
      annotations.push_back(std::move(annotation));
    }
  }
  for (const LabelledClass& one : classes) categories.push_back({{"id", one.id}, {"name", as_utf8(one.name)}});
  return to_line(
      {{"images", std::move(images)}, {"annotations", std::move(annotations)}, {"categories", std::move(categories)}});
}

std::string labelme_text(const LabelledPicture& picture) {
  Json shapes = Json::array();
  for (const Prediction& one : picture.boxes) {
    const auto [left, top, right, bottom] = inside(one, picture.size);
    shapes.push_back(
        {{"label", one.label},
         {"points", {{in_thousandths(left), in_thousandths(top)}, {in_thousandths(right), in_thousandths(bottom)}}},
         {"group_id", nullptr},
         {"description", fmt::format("{:.4f}", one.score.value_or(0))},
         {"shape_type", "rectangle"},
         {"flags", Json::object()}});
  }
  return to_line({{"version", "5.4.1"},
                  {"flags", Json::object()},
                  {"shapes", std::move(shapes)},
                  {"imagePath", picture.from},
                  {"imageData", nullptr},
                  {"imageHeight", picture.size.height},
                  {"imageWidth", picture.size.width}});
}

constexpr std::array kLabelForms{
    LabelForm{.name = "yolo", .ending = ".txt", .text = yolo_text, .names = "classes.txt"},
    LabelForm{.name = "voc", .ending = ".xml", .text = voc_text},
    LabelForm{.name = "coco", .whole = "annotations.json", .text_of_all = coco_text, .has_ids = true},
    LabelForm{.name = "labelme", .ending = ".json", .text = labelme_text},
};

fs::path absolute_folder(const std::string& example) { return fs::absolute(example).lexically_normal().parent_path(); }

/// The deepest folder that all examples are in.
fs::path common_folder(const Dataset& dataset) {
  fs::path common;
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    const fs::path folder = absolute_folder(dataset.get(i)->id());
    if (i == 0) common = folder;
    const auto [end, other] = std::mismatch(common.begin(), common.end(), folder.begin(), folder.end());
    if (end == common.end()) continue;
    fs::path shorter;
    for (auto part = common.begin(); part != end; ++part) shorter /= *part;
    common = std::move(shorter);
  }
  return common;
}

}  // namespace

std::span<const LabelForm> label_forms() { return kLabelForms; }

LabelFiles::LabelFiles(Options options, const Dataset& dataset)
    : files_(options.folder), options_(std::move(options)), dataset_(dataset), common_(common_folder(dataset)) {
  std::string lines;
  for (const std::string& name : options_.names) lines += name + "\n";
  if (!options_.form.names.empty()) write_atomically(files_.folder() / options_.form.names, lines);
}

void LabelFiles::write(const PredictedExample& example) {
  const std::unique_ptr<Example> found = dataset_.get(example.position);
  const std::vector<Field> fields = fields_of(dataset_, *found);
  const fs::path whole = fs::absolute(example.id).lexically_normal();
  LabelledPicture picture{.path = whole.lexically_relative(common_).string(),
                          .from = whole.lexically_relative(fs::absolute(files_.folder()).lexically_normal()).string(),
                          .size = picture_size(fields.at(0).bytes.bytes(), example.id),
                          .boxes = {example.best.begin(), example.best.end()}};
  if (options_.form.text == nullptr) {
    const auto known = options_.ids.examples.find(example.id);
    picture.id = known == options_.ids.examples.end() ? static_cast<std::int64_t>(kept_.size()) + 1 : known->second;
    kept_.push_back(std::move(picture));
    return;
  }
  const std::string text = options_.form.text(picture);
  files_.write(example.id, options_.form.ending, std::as_bytes(std::span(text)));
}

void LabelFiles::finish() {
  if (options_.form.whole.empty()) return;
  std::vector<LabelledClass> classes;
  for (std::size_t i = 0; i < options_.names.size(); ++i)
    classes.push_back({options_.ids.classes.empty() ? static_cast<std::int64_t>(i) + 1 : options_.ids.classes.at(i),
                       options_.names[i]});
  write_atomically(files_.folder() / options_.form.whole, options_.form.text_of_all(kept_, classes));
}

}  // namespace enxerto::cli
