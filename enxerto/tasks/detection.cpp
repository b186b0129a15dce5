#include "enxerto/tasks/detection.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/box_target.h"
#include "enxerto/media/image/encode_jpeg.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/metrics/box_scores.h"
#include "enxerto/metrics/coco_matching.h"
#include "enxerto/tasks/batch_row.h"
#include "enxerto/tasks/box_selection.h"
#include "enxerto/tasks/decided.h"
#include "enxerto/tasks/detector_head.h"
#include "enxerto/tasks/draw_boxes.h"
#include "enxerto/tasks/exported_boxes.h"
#include "enxerto/tasks/placed_boxes.h"

namespace enxerto {
namespace {

/// True unless nothing of the box lies in the picture: what only touches its border has no extent there.
bool has_extent(const std::array<double, 4>& box) {
  constexpr double kLeast = 0.01;  // px
  return box[2] - box[0] > kLeast && box[3] - box[1] > kLeast;
}

constexpr std::string_view kAlignmentValue = "alignment", kTruthsValue = "boxes";
constexpr float kLeastMeasured = 0.01F;  // COCO's figures look at boxes that nobody would draw, too
constexpr double kSure = 0.5, kSameObject = 0.5;
constexpr std::size_t kMostTruths = 100;  // of a picture, in the figures of an epoch

const TaskKind& detection_row() {
  static const TaskKind kind = detection_task();
  return kind;
}

/// "2 dog, 1 cat"; "nothing".
std::string counted_words(std::span<const Prediction> boxes) {
  std::map<std::string, std::size_t> counts;
  for (const Prediction& one : boxes) ++counts[one.label];
  std::vector<std::string> words;
  for (const auto& [label, count] : counts) words.push_back(fmt::format("{} {}", count, label));
  return words.empty() ? "nothing" : fmt::format("{}", fmt::join(words, ", "));
}

BoxExtent extent_of(const std::array<double, 4>& box) { return {box[0], box[1], box[2] - box[0], box[3] - box[1]}; }

/// To a thousandth of a pixel: what float32 leaves behind it says nothing.
BoxExtent rounded(BoxExtent extent) {
  constexpr double kPart = 1000;
  for (double& value : extent) value = std::round(value * kPart) / kPart;
  return extent;
}

class Detection final : public Task {
 public:
  Detection(TargetSpec target, HeadSpec head, LossSpec loss, DetectorBoxes boxes)
      : target_(std::move(target)),
        head_(std::move(head)),
        loss_(std::move(loss)),
        row_(*find_detector_head(head_.kind)),
        boxes_(std::move(boxes)) {}

  const TaskKind& kind() const override { return detection_row(); }
  const TargetSpec& target() const override { return target_; }
  const HeadSpec& head() const override { return head_; }
  const LossSpec& loss() const override { return loss_; }

  std::vector<std::string> row_values() const override { return {std::string(kAlignmentValue)}; }

  /// Beside what the loss takes, the boxes and the map for figures that are measured after each epoch.
  TensorMap targets(const Tensor& target, const TensorMap& row) const override {
    const std::vector<LabelledBox> boxes = boxes_of(target);
    const Tensor& map = row.at(kAlignmentValue);
    const PlacedBoxes placed =
        placed_boxes(boxes, map, static_cast<double>(boxes_.width), static_cast<double>(boxes_.height));
    TensorMap targets;
    targets.set(std::string(kLossTarget), row_.targets(boxes_.corners, placed.corners, placed.labels));
    targets.set(std::string(kTruthsValue), filled_truths(boxes));
    targets.set(std::string(kAlignmentValue), map);
    return targets;
  }

  std::vector<std::unique_ptr<Metric>> metrics() const override {
    std::vector<std::unique_ptr<Metric>> metrics;
    metrics.push_back(std::make_unique<BoxScores>(
        target_.names, [classes = target_.names.size(), selection = selection_from(kLeastMeasured)](
                           const TensorMap& outputs, const TensorMap& targets) {
          return boxed_examples(outputs, targets, classes, selection);
        }));
    return metrics;
  }

  /// The most probable first.
  std::vector<Prediction> read(const TensorMap& outputs, std::span<const Field> /*fields*/, const Alignment& alignment,
                               const ReadingOptions& options) const override {
    std::vector<Prediction> found;
    const BoxSelection selection =
        selection_from(static_cast<float>(std::min(options.threshold.value_or(kEvenChance), 1.0)));
    for (const SelectedBox& box :
         selected_boxes(outputs.at(kHeadProbabilities).as<float>(), target_.names.size(), selection))
      found.push_back({.label = target_.names[box.label],
                       .index = static_cast<std::int64_t>(box.label),
                       .score = static_cast<double>(box.score),
                       .value = {},
                       .box = in_picture(box.corners, alignment.map)});
    std::erase_if(found, [](const Prediction& one) { return !has_extent(*one.box); });
    std::ranges::stable_sort(found, [](const Prediction& a, const Prediction& b) { return *a.score > *b.score; });
    return found;
  }

  /// The share of boxes, missed or told of without reason, among all at a probability of 0.5.
  Judged judge(const TensorMap& outputs, const Tensor& target) const override {
    const Tensor& map = outputs.at(kAlignmentValue);
    Judged judged{.found =
                      read(outputs, {}, {map.shape().size() == 3 ? batch_row(map, 0) : map}, {.threshold = kSure})};
    judged.wanted = as_predictions(target);
    const std::size_t right = matched(judged.wanted, judged.found), all = judged.wanted.size() + judged.found.size();
    judged.error = all == 0 ? 0 : 1 - 2 * static_cast<double>(right) / static_cast<double>(all);
    judged.truth = counted_words(judged.wanted);
    judged.predicted = fmt::format("{}; {} of {} found, {} wrong", counted_words(judged.found), right,
                                   judged.wanted.size(), judged.found.size() - right);
    return judged;
  }

  std::vector<Prediction> as_predictions(const Tensor& target) const override {
    std::vector<Prediction> there;
    for (const LabelledBox& box : boxes_of(target))
      there.push_back({.label = target_.names.at(to_size(box.label)),
                       .index = box.label,
                       .box = std::array<double, 4>{box.left, box.top, box.right, box.bottom}});
    return there;
  }

  std::optional<Preview> drawn(std::span<const Field> fields, std::string_view where, std::span<const Prediction> found,
                               int side) const override {
    constexpr int kQuality = 85;
    Image image = decode(fields, where, {});
    std::vector<Prediction> placed(found.begin(), found.end());
    if (side > 0 && std::max(image.width, image.height) > side) shrink(image, placed, side);
    draw_boxes(image, placed);
    return Preview{.type = "image/jpeg", .bytes = encode_jpeg(image, kQuality)};
  }

  std::vector<std::string_view> reading_options() const override { return {"--threshold"}; }

  /// Places are in pixels.
  double scale_of(const Tensor& output) const override {
    double largest = 1;
    for (const float value : output.as<float>()) largest = std::max(largest, static_cast<double>(value));
    return largest;
  }

  Graph exported(Graph network) const override {
    return with_selection(std::move(network), std::string(kind().exported), selection_from(row_.selection.score));
  }

  Json to_json(std::span<const Prediction> found) const override {
    Json objects = Json::array();
    for (const Prediction& one : found)
      objects.push_back({{"label", one.label}, {"probability", *one.score}, {"box", rounded(extent_of(*one.box))}});
    return {{"objects", std::move(objects)}};
  }

  TaskWords words() const override {
    return {.purpose =
                fmt::format("It finds objects of {} in a picture: ", counted(target_.names.size(), "class", "classes")),
            .use = "label, probability and box (left, top, width, height, px) of each object",
            .details = "AP by class, and the boxes of the best and the worst pictures, are in report.html.",
            .limits = "It knows only its classes, and often misses small objects.",
            .drawings = "the true boxes on the left, on the right those predicted with a probability of 0.5 or more."};
  }

  Json record() const override {
    return {{"names", target_.names}, {"head", row_.kind}, {"boxes_of_map", boxes_.boxes_of_map}};
  }

 private:
  /// That of the head, of boxes with a score above this.
  BoxSelection selection_from(float score) const {
    BoxSelection selection = row_.selection;
    selection.score = score;
    selection.boxes_of_map = boxes_.boxes_of_map;
    return selection;
  }

  static std::vector<BoxedExample> boxed_examples(const TensorMap& outputs, const TensorMap& targets,
                                                  std::size_t classes, const BoxSelection& selection) {
    const Tensor& answers = outputs.at(kHeadProbabilities);
    const Tensor* truths = targets.find(kTruthsValue);
    if (truths == nullptr) truths = &targets.at(kLossTarget);
    std::vector<BoxedExample> examples(to_size(answers.shape().at(0)));
    for (std::size_t i = 0; i < examples.size(); ++i) {
      for (const LabelledBox& box : boxes_of(batch_row(*truths, i)))
        examples[i].truths.push_back({.extent = extent_of({box.left, box.top, box.right, box.bottom}),
                                      .label = to_size(box.label),
                                      .area = box.area,
                                      .crowd = box.crowd});
      const Tensor map = batch_row(targets.at(kAlignmentValue), i);
      for (const SelectedBox& box : selected_boxes(batch_row(answers, i).as<float>(), classes, selection))
        examples[i].found.push_back({.extent = extent_of(in_picture(box.corners, map)),
                                     .label = box.label,
                                     .score = static_cast<double>(box.score)});
    }
    return examples;
  }

  static void shrink(Image& image, std::span<Prediction> found, int side) {
    const double scale = static_cast<double>(side) / std::max(image.width, image.height);
    const auto shorter = [&](int size) { return std::max(1, static_cast<int>(std::lround(size * scale))); };
    image = resize(image, shorter(image.width), shorter(image.height), Filter::bilinear);
    for (Prediction& one : found)
      if (one.box)
        for (double& place : *one.box) place *= scale;
  }

  static Tensor filled_truths(std::vector<LabelledBox> boxes) {
    boxes.resize(kMostTruths, LabelledBox{.label = -1});
    return box_target(boxes);
  }

  /// How many of the boxes were found: each by one of its class, the surest first.
  static std::size_t matched(std::span<const Prediction> wanted, std::span<const Prediction> found) {
    std::vector<bool> taken(wanted.size());
    std::size_t count = 0;
    for (const Prediction& one : found) {
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (taken[i] || wanted[i].label != one.label ||
            overlap(extent_of(*one.box), extent_of(*wanted[i].box), false) < kSameObject)
          continue;
        taken[i] = true;
        ++count;
        break;
      }
    }
    return count;
  }

  TargetSpec target_;
  HeadSpec head_;
  LossSpec loss_;
  const DetectorHead& row_;
  DetectorBoxes boxes_;
};

void refuse_other_layers(const HeadSpec& asked, const DetectorHead& row) {
  const std::pair<bool, const char*> others[] = {{row.towers.empty() && !asked.hidden.empty(), "head.hidden"},
                                                 {row.towers.empty() && asked.batch_norm, "head.batch_norm"},
                                                 {asked.activation != HeadSpec{}.activation, "head.activation"},
                                                 {asked.dropout > 0, "head.dropout"}};
  for (const auto& [there, key] : others)
    if (there) throw usage_error(key, fmt::format("has no effect on a head '{}'", row.kind), "", "leave it out");
}

/// The head that is asked for.
const DetectorHead& detector_head(std::string_view kind) {
  if (const DetectorHead* row = find_detector_head(kind)) return *row;
  std::vector<std::string_view> kinds;
  for (const DetectorHead& row : detector_heads()) kinds.push_back(row.kind);
  throw usage_error("head.kind", fmt::format("'{}' for {}", kind, detection_row().title),
                    fmt::format("{}", fmt::join(kinds, " or ")));
}

TaskPtr make_detection(const TaskData& data, const TaskRequest& asked) {
  constexpr std::array<std::string_view, 1> kOutputs{"boxes"};
  HeadSpec head = decided_head(asked.head, "boxes", kOutputs, detection_row().title);
  if (head.kind == HeadSpec{}.kind) head.kind = detection_row().head;
  const DetectorHead& row = detector_head(head.kind);
  refuse_other_layers(asked.head, row);
  if (head.hidden.empty()) head.hidden.assign(row.towers.begin(), row.towers.end());
  if (asked.mixes) throw usage_error("mixup and cutmix", "of pictures with boxes", "", "leave them out");
  LossSpec loss = decided_loss(asked.loss, row.loss, head.output);
  if (loss.kind != row.loss)
    throw usage_error("loss.kind", fmt::format("'{}' of a head '{}'", loss.kind, row.kind), std::string(row.loss));
  refuse_balanced(asked.balanced, head.output);
  return std::make_shared<Detection>(data.dataset.info().target, std::move(head), std::move(loss),
                                     data.features == nullptr ? DetectorBoxes{} : row.boxes(*data.features));
}

TaskPtr detection_from_record(const Json& record, std::string_view where) {
  TargetSpec target = recorded_target(record, kBoxTarget, where);
  std::string kind(detection_row().head);
  DetectorBoxes boxes;
  if (record.contains("head")) {
    kind = member<std::string>(record, "head", where, ErrorKind::weights);
    boxes.boxes_of_map = member<std::vector<std::size_t>>(record, "boxes_of_map", where, ErrorKind::weights);
  }
  const DetectorHead* const row = find_detector_head(kind);
  if (row == nullptr)
    throw weights_error(std::string(where), fmt::format("a head '{}'", kind), "one that finds objects");
  return std::make_shared<Detection>(std::move(target), HeadSpec{.kind = kind},
                                     LossSpec{.kind = std::string(row->loss)}, std::move(boxes));
}

}  // namespace

TaskKind detection_task() {
  return {
      .name = "detection",
      .title = "object detection",
      .monitor = "loss",
      .former_names = {},
      .fits = [](const DatasetInfo& info) { return info.target.kind == kBoxTarget; },
      .exact_solver = [](const HeadSpec&, const LossSpec&) { return ExactChoice{.obstacle = "a detection head"}; },
      .make = make_detection,
      .from_record = detection_from_record,
      .exported = "candidates",
      .head = "ssdlite",
      .takes_head = [](std::string_view kind) { return find_detector_head(kind) != nullptr; },
      .draws = true,
      .boxes = true,
      // All of the picture: what a crop leaves out cannot be found.
      .input = [](const Json& record) { return record.contains("fit") ? Json{{"fit", "squash"}} : Json::object(); }};
}

}  // namespace enxerto
