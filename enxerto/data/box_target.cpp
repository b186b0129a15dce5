#include "enxerto/data/box_target.h"

#include <algorithm>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::size_t kWidth = kBoxColumns, kClassColumn = 4, kAreaColumn = 5, kCrowdColumn = 6;

}  // namespace

Tensor box_target(std::span<const LabelledBox> boxes) {
  TensorBuffer buffer(DType::f64, {static_cast<std::int64_t>(boxes.size()), kBoxColumns});
  auto out = buffer.as<double>().begin();
  for (const LabelledBox& box : boxes)
    for (const double value :
         {box.left, box.top, box.right, box.bottom, static_cast<double>(box.label), box.area, box.crowd ? 1.0 : 0.0})
      *out++ = value;
  return std::move(buffer).freeze();
}

std::vector<LabelledBox> boxes_of(const Tensor& target) {
  const Shape& shape = target.shape();
  if (shape.size() != 2 || shape[1] != kBoxColumns || target.dtype() != DType::f64)
    throw data_error("boxes", "a target " + to_string(shape), "(n, 7) of float64");
  const auto values = target.as<double>();
  std::vector<LabelledBox> boxes;
  for (std::size_t i = 0; i < values.size(); i += kWidth) {
    const auto row = values.subspan(i, kWidth);
    if (row[kClassColumn] < 0) continue;
    boxes.push_back({.left = row[0],
                     .top = row[1],
                     .right = row[2],
                     .bottom = row[3],
                     .label = static_cast<std::int64_t>(row[kClassColumn]),
                     .area = row[kAreaColumn],
                     .crowd = row[kCrowdColumn] != 0});
  }
  return boxes;
}

/// Each class once.
void labels_of_boxes(const Tensor& target, std::vector<std::uint32_t>& labels) {
  for (const LabelledBox& box : boxes_of(target)) {
    const auto label = static_cast<std::uint32_t>(box.label);
    if (std::ranges::find(labels, label) == labels.end()) labels.push_back(label);
  }
  std::ranges::sort(labels);
}

Tensor renumber_boxes(const Tensor& target, std::span<const std::int64_t> numbers, std::size_t /*width*/) {
  std::vector<LabelledBox> kept;
  for (LabelledBox box : boxes_of(target)) {
    box.label = numbers[static_cast<std::size_t>(box.label)];
    if (box.label >= 0) kept.push_back(box);
  }
  return box_target(kept);
}

void mark_classes_of_boxes(const Tensor& target, std::vector<bool>& used) {
  for (const LabelledBox& box : boxes_of(target)) used[static_cast<std::size_t>(box.label)] = true;
}

}  // namespace enxerto
