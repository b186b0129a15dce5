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
#include "enxerto/report/format.h"

namespace enxerto::cli {
namespace {

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
      escape_html(as_utf8(picture.file)), picture.size.width, picture.size.height);
  for (const Prediction& one : picture.boxes) text += voc_object(one, picture.size);
  return text + "</annotation>\n";
}

constexpr std::array kLabelForms{
    LabelForm{.name = "yolo", .ending = ".txt", .text = yolo_text, .names = "classes.txt"},
    LabelForm{.name = "voc", .ending = ".xml", .text = voc_text},
};

}  // namespace

std::span<const LabelForm> label_forms() { return kLabelForms; }

LabelFiles::LabelFiles(std::filesystem::path folder, const LabelForm& form, const Dataset& dataset,
                       const std::vector<std::string>& names)
    : files_(std::move(folder)), form_(form), dataset_(dataset) {
  std::string lines;
  for (const std::string& name : names) lines += name + "\n";
  if (!form.names.empty()) write_atomically(files_.folder() / form.names, lines);
}

void LabelFiles::write(const PredictedExample& example) {
  const std::unique_ptr<Example> found = dataset_.get(example.position);
  const std::vector<Field> fields = fields_of(dataset_, *found);
  const PictureSize size = picture_size(fields.at(0).bytes.bytes(), example.id);
  const std::string text =
      form_.text({.file = std::filesystem::path(example.id).filename().string(), .size = size, .boxes = example.best});
  files_.write(example.id, form_.ending, std::as_bytes(std::span(text)));
}

}  // namespace enxerto::cli
