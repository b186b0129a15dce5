#include "enxerto/tasks/box_selection.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/heads/head.h"

namespace enxerto {
namespace {

constexpr std::size_t kCorners = 4;

float overlap_of(const std::array<float, 4>& a, const std::array<float, 4>& b) {
  const float width = std::min(a[2], b[2]) - std::max(a[0], b[0]), height = std::min(a[3], b[3]) - std::max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const float both = width * height;
  return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both);
}

/// Nodes of the head that choose among its boxes.
class SelectionWriter {
 public:
  SelectionWriter(Graph& network, std::string answer) : network_(network), answer_(std::move(answer)) {}

  void write(const BoxSelection& selection) {
    const std::string boxes = slice("nms.boxes", 0, kCorners), scores = slice("nms.scores", kCorners, kEnd);
    const std::string by_class =
        add("Transpose", "nms.by_class", {scores}, {{"perm", std::vector<std::int64_t>{0, 2, 1}}});
    const std::string chosen =
        add("NonMaxSuppression", "nms.chosen",
            {boxes, by_class, constant("nms.most", Tensor::scalar(static_cast<std::int64_t>(selection.of_class))),
             constant("nms.overlap", Tensor::scalar(selection.overlap)),
             constant("nms.least", Tensor::scalar(selection.score))});
    const std::string places =
        add("Gather", "nms.places", {chosen, numbers("nms.of_box", {0, 2})}, {{"axis", std::int64_t{1}}});
    add("GatherND", "boxes", {boxes, places});
    add("GatherND", "scores", {by_class, chosen});
    column("classes", chosen, 1);
    column("examples", chosen, 0);
    const Dim count("detections");
    network_.outputs = {{"boxes", DType::f32, {count, static_cast<std::int64_t>(kCorners)}},
                        {"scores", DType::f32, {count}},
                        {"classes", DType::i64, {count}},
                        {"examples", DType::i64, {count}}};
  }

 private:
  static constexpr std::int64_t kEnd = std::int64_t{1} << 31;

  std::string add(std::string op, const std::string& name, std::vector<std::string> inputs,
                  Attributes attributes = {}) {
    network_.nodes.push_back({.name = name,
                              .op = std::move(op),
                              .stage = std::string(kHeadStage),
                              .inputs = std::move(inputs),
                              .outputs = {name},
                              .attributes = std::move(attributes)});
    return name;
  }
  std::string constant(const std::string& name, const Tensor& value) {
    return add("Constant", name, {}, {{"value", value}});
  }
  std::string numbers(const std::string& name, std::vector<std::int64_t> values) {
    return constant(name, Tensor::of<std::int64_t>({static_cast<std::int64_t>(values.size())}, values));
  }
  /// Columns `begin` to `end` of the answer.
  std::string slice(const std::string& name, std::int64_t begin, std::int64_t end) {
    return add(
        "Slice", name,
        {answer_, numbers(name + ".begin", {begin}), numbers(name + ".end", {end}), numbers(name + ".axis", {2})});
  }
  void column(const std::string& name, const std::string& chosen, std::int64_t number) {
    add("Gather", name, {chosen, constant(name + ".number", Tensor::scalar(number))}, {{"axis", std::int64_t{1}}});
  }

  Graph& network_;
  std::string answer_;
};

}  // namespace

std::vector<SelectedBox> selected_boxes(std::span<const float> answer, std::size_t classes,
                                        const BoxSelection& selection) {
  const std::size_t width = kCorners + classes, count = answer.size() / width;
  if (count * width != answer.size())
    throw data_error("predictions", fmt::format("{} numbers", answer.size()), fmt::format("rows of {}", width));
  std::vector<SelectedBox> selected;
  for (std::size_t label = 0; label < classes; ++label) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < count; ++i)
      if (answer[i * width + kCorners + label] > selection.score) order.push_back(i);
    const auto score = [&](std::size_t i) { return answer[i * width + kCorners + label]; };
    std::ranges::stable_sort(order, std::ranges::greater(), score);
    const std::size_t first = selected.size();
    for (const std::size_t i : order) {
      if (selected.size() - first == selection.of_class) break;
      SelectedBox box{.label = label, .score = score(i), .number = i};
      std::copy_n(answer.begin() + static_cast<std::ptrdiff_t>(i * width), kCorners, box.corners.begin());
      const bool hidden = std::any_of(
          selected.begin() + static_cast<std::ptrdiff_t>(first), selected.end(),
          [&](const SelectedBox& better) { return overlap_of(box.corners, better.corners) > selection.overlap; });
      if (!hidden) selected.push_back(box);
    }
  }
  return selected;
}

Graph with_selection(Graph network, const std::string& answer, const BoxSelection& selection) {
  SelectionWriter(network, answer).write(selection);
  check(network);
  return network;
}

}  // namespace enxerto
