#include "enxerto/heads/box_matching.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace enxerto {
namespace {

Corners corners_at(std::span<const float> boxes, std::size_t i) {
  return {boxes[i * 4], boxes[i * 4 + 1], boxes[i * 4 + 2], boxes[i * 4 + 3]};
}

float area(const Corners& box) { return (box[2] - box[0]) * (box[3] - box[1]); }

float intersection_over_union(const Corners& a, const Corners& b) {
  const float width = std::max(std::min(a[2], b[2]) - std::max(a[0], b[0]), 0.0F);
  const float height = std::max(std::min(a[3], b[3]) - std::max(a[1], b[1]), 0.0F);
  const float both = width * height;
  return both / (area(a) + area(b) - both);
}

/// (n, 5): the class from 1 on, 0: background, -1: ignored, and the code.
Tensor targets_of(const Tensor& boxes, std::span<const Corners> truths, std::span<const std::int64_t> labels,
                  std::span<const std::int64_t> matches, const CodeWeights& weights) {
  constexpr std::size_t kColumns = 5;
  TensorBuffer buffer(DType::f32, {static_cast<std::int64_t>(matches.size()), static_cast<std::int64_t>(kColumns)});
  const auto out = buffer.as<float>();
  std::ranges::fill(out, 0.0F);
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (matches[i] == kIgnoredBox) out[i * kColumns] = -1;
    if (matches[i] < 0) continue;
    const auto truth = static_cast<std::size_t>(matches[i]);
    out[i * kColumns] = static_cast<float>(labels[truth] + 1);
    std::ranges::copy(box_code(truths[truth], corners_at(boxes.as<float>(), i), weights),
                      out.begin() + static_cast<std::ptrdiff_t>(i * kColumns + 1));
  }
  return std::move(buffer).freeze();
}

}  // namespace

std::vector<std::int64_t> match_boxes(const Tensor& boxes, std::span<const Corners> truths, float threshold) {
  const auto values = boxes.as<float>();
  const std::size_t count = values.size() / 4;
  std::vector<std::int64_t> matches(count, kBackgroundBox);
  std::vector<float> best(count, -1), best_of_truth(truths.size(), -1);
  std::vector<std::size_t> nearest(truths.size(), 0);
  for (std::size_t t = 0; t < truths.size(); ++t) {
    for (std::size_t i = 0; i < count; ++i) {
      const float overlap = intersection_over_union(truths[t], corners_at(values, i));
      if (overlap > best[i]) {
        best[i] = overlap;
        if (overlap >= threshold) matches[i] = static_cast<std::int64_t>(t);
      }
      if (overlap > best_of_truth[t]) {
        best_of_truth[t] = overlap;
        nearest[t] = i;
      }
    }
  }
  for (std::size_t t = 0; t < truths.size() && count > 0; ++t) matches[nearest[t]] = static_cast<std::int64_t>(t);
  return matches;
}

std::vector<std::int64_t> match_anchors(const Tensor& boxes, std::span<const Corners> truths, float foreground,
                                        float background) {
  const auto values = boxes.as<float>();
  const std::size_t count = values.size() / 4;
  std::vector<std::int64_t> nearest(count, kBackgroundBox);
  std::vector<float> best(count, -1), best_of_truth(truths.size(), -1), overlaps(count * truths.size());
  for (std::size_t t = 0; t < truths.size(); ++t) {
    for (std::size_t i = 0; i < count; ++i) {
      const float overlap = intersection_over_union(truths[t], corners_at(values, i));
      overlaps[t * count + i] = overlap;
      best_of_truth[t] = std::max(best_of_truth[t], overlap);
      if (overlap <= best[i]) continue;
      best[i] = overlap;
      nearest[i] = static_cast<std::int64_t>(t);
    }
  }
  std::vector<std::int64_t> matches = nearest;
  for (std::size_t i = 0; i < count; ++i) {
    if (best[i] < background)
      matches[i] = kBackgroundBox;
    else if (best[i] < foreground)
      matches[i] = kIgnoredBox;
  }
  for (std::size_t t = 0; t < truths.size(); ++t)
    for (std::size_t i = 0; i < count; ++i)
      if (overlaps[t * count + i] == best_of_truth[t]) matches[i] = nearest[i];
  return matches;
}

std::array<float, 4> box_code(const Corners& truth, const Corners& box, const CodeWeights& weights) {
  constexpr float kHalf = 0.5F;
  const float width = box[2] - box[0], height = box[3] - box[1];
  const float true_width = truth[2] - truth[0], true_height = truth[3] - truth[1];
  const float x = box[0] + kHalf * width, y = box[1] + kHalf * height;
  const float true_x = truth[0] + kHalf * true_width, true_y = truth[1] + kHalf * true_height;
  return {weights.offset * (true_x - x) / width, weights.offset * (true_y - y) / height,
          weights.size * std::log(true_width / width), weights.size * std::log(true_height / height)};
}

Tensor box_targets(const Tensor& boxes, std::span<const Corners> truths, std::span<const std::int64_t> labels) {
  return targets_of(boxes, truths, labels, match_boxes(boxes, truths), kSsdCode);
}

Tensor anchor_targets(const Tensor& boxes, std::span<const Corners> truths, std::span<const std::int64_t> labels) {
  return targets_of(boxes, truths, labels, match_anchors(boxes, truths), kRetinaCode);
}

}  // namespace enxerto
