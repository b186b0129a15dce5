#include "enxerto/tasks/box_selection.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::size_t kCorners = 4;

float overlap_of(const std::array<float, 4>& a, const std::array<float, 4>& b) {
  const float width = std::min(a[2], b[2]) - std::max(a[0], b[0]), height = std::min(a[3], b[3]) - std::max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const float both = width * height;
  return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both);
}

/// The answers of one example, and what is asked of them.
class Candidates {
 public:
  Candidates(std::span<const float> answer, std::size_t classes, const BoxSelection& selection)
      : answer_(answer), width_(kCorners + classes), selection_(selection), of_class_(classes) {
    const std::size_t count = answer.size() / width_;
    std::size_t first = 0;
    for (const std::size_t boxes : selection.boxes_of_map) {
      add_map(first, std::min(boxes, count - first));
      first += std::min(boxes, count - first);
    }
    add_map(first, count - first);
  }

  /// By class, each class best first.
  std::vector<SelectedBox> selected() {
    std::vector<SelectedBox> boxes;
    for (std::size_t label = 0; label < of_class_.size(); ++label) {
      std::vector<std::size_t>& numbers = of_class_[label];
      std::ranges::stable_sort(numbers, std::ranges::greater(), [&](std::size_t i) { return score(i, label); });
      if (const std::size_t most = selection_.candidates_of_class; most > 0 && numbers.size() > most)
        numbers.resize(most);
      suppress(label, boxes);
    }
    if (selection_.all > 0 && boxes.size() > selection_.all) keep_best(boxes);
    return boxes;
  }

 private:
  float score(std::size_t box, std::size_t label) const { return answer_[box * width_ + kCorners + label]; }

  struct Place {
    std::size_t box, label;
    float score;
  };

  void add_map(std::size_t first, std::size_t count) {
    std::vector<Place> places;
    for (std::size_t box = first; box < first + count; ++box)
      for (std::size_t label = 0; label < of_class_.size(); ++label)
        if (score(box, label) > selection_.score) places.push_back({box, label, score(box, label)});
    if (const std::size_t most = selection_.candidates_of_map; most > 0 && places.size() > most) {
      std::ranges::stable_sort(places, std::ranges::greater(), &Place::score);
      places.resize(most);
    }
    for (const Place& place : places) of_class_[place.label].push_back(place.box);
  }

  void suppress(std::size_t label, std::vector<SelectedBox>& boxes) const {
    const std::size_t first = boxes.size();
    for (const std::size_t i : of_class_[label]) {
      if (selection_.of_class > 0 && boxes.size() - first == selection_.of_class) break;
      SelectedBox box{.label = label, .score = score(i, label), .number = i};
      std::copy_n(answer_.begin() + static_cast<std::ptrdiff_t>(i * width_), kCorners, box.corners.begin());
      const bool hidden = std::any_of(
          boxes.begin() + static_cast<std::ptrdiff_t>(first), boxes.end(),
          [&](const SelectedBox& better) { return overlap_of(box.corners, better.corners) > selection_.overlap; });
      if (!hidden) boxes.push_back(box);
    }
  }

  void keep_best(std::vector<SelectedBox>& boxes) const {
    std::vector<std::size_t> order(boxes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t i) { return boxes[i].score; });
    order.resize(selection_.all);
    std::ranges::sort(order);
    std::vector<SelectedBox> kept;
    for (const std::size_t i : order) kept.push_back(boxes[i]);
    boxes = std::move(kept);
  }

  std::span<const float> answer_;
  std::size_t width_;
  const BoxSelection& selection_;
  std::vector<std::vector<std::size_t>> of_class_;  // numbers of default boxes
};

}  // namespace

std::vector<SelectedBox> selected_boxes(std::span<const float> answer, std::size_t classes,
                                        const BoxSelection& selection) {
  const std::size_t width = kCorners + classes;
  if (answer.size() % width != 0)
    throw data_error("predictions", fmt::format("{} numbers", answer.size()), fmt::format("rows of {}", width));
  return Candidates(answer, classes, selection).selected();
}

}  // namespace enxerto
