#include "enxerto/data/box_faults.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::size_t kNamedFaults = 4;

Error fault_of_boxes(std::string where, std::string found) {
  return data_error(std::move(where), std::move(found), "boxes with a width and a height, inside their picture",
                    "correct them, or remove them from the file");
}

/// What people do who write corners where width and height belong.
std::string meant_corners(const LabelledBox& box, const BoxFrame& frame) {
  const double width = box.right - box.left, height = box.bottom - box.top;
  const bool corners = width > box.left && height > box.top && width <= frame.width && height <= frame.height;
  return corners ? "; right and bottom in place of width and height?" : "";
}

}  // namespace

BoxFrame pixel_frame(double width, double height) {
  return {.width = width, .height = height, .slack = std::max(2.0, 0.01 * std::max(width, height))};
}

std::string box_fault(LabelledBox& box, const BoxFrame& frame, std::string_view given) {
  for (const double value : {box.left, box.top, box.right, box.bottom})
    if (!std::isfinite(value)) return fmt::format("{}: a number that is not finite", given);
  if (box.right <= box.left || box.bottom <= box.top)
    return fmt::format("{}: {}", given, box.right <= box.left ? "no width" : "no height");
  if (frame.width <= 0 || frame.height <= 0) return "";
  const bool outside = box.left < -frame.slack || box.top < -frame.slack || box.right > frame.width + frame.slack ||
                       box.bottom > frame.height + frame.slack;
  if (outside)
    return fmt::format("{}: reaches to {:g} x {:g}, beyond the picture's {:g} x {:g}{}", given,
                       box.left < 0 ? box.left : box.right, box.top < 0 ? box.top : box.bottom, frame.width,
                       frame.height, meant_corners(box, frame));
  box.left = std::clamp(box.left, 0.0, frame.width);
  box.top = std::clamp(box.top, 0.0, frame.height);
  box.right = std::clamp(box.right, 0.0, frame.width);
  box.bottom = std::clamp(box.bottom, 0.0, frame.height);
  if (box.right <= box.left || box.bottom <= box.top) return fmt::format("{}: it lies outside the picture", given);
  return "";
}

void BoxFaults::add(std::string where, std::string fault) {
  if (faults_.keeps()) return faults_.add(fault_of_boxes(std::move(where), std::move(fault)));
  if (count_++ < kNamedFaults) first_.push_back({std::move(where), std::move(fault)});
}

void BoxFaults::require_none() const {
  if (count_ == 0) return;
  std::string found = first_[0].fault;
  for (std::size_t i = 1; i < first_.size(); ++i) found += fmt::format("; {}: {}", first_[i].where, first_[i].fault);
  if (count_ > first_.size()) found += fmt::format("; and {} more", count_ - first_.size());
  throw fault_of_boxes(first_[0].where, std::move(found));
}

}  // namespace enxerto
