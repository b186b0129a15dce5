#include "enxerto/tasks/segmentation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/mask_target.h"
#include "enxerto/media/image/encode_jpeg.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/media/image/picture_size.h"
#include "enxerto/metrics/pixel_scores.h"
#include "enxerto/tasks/batch_row.h"
#include "enxerto/tasks/decided.h"
#include "enxerto/tasks/draw_legend.h"
#include "enxerto/tasks/exported_maps.h"
#include "enxerto/tasks/mask_colours.h"
#include "enxerto/tasks/placed_masks.h"

namespace enxerto {
namespace {

constexpr std::string_view kMapValue = "alignment";

const TaskKind& segmentation_row() {
  static const TaskKind kind = segmentation_task();
  return kind;
}

Tensor unmoved() { return Tensor::of<float>({2, 3}, {1, 0, 0, 0, 1, 0}); }

MapSize size_of_field(const Field& field) {
  if (field.raw) return {field.raw->height, field.raw->width};
  const PictureSize size = picture_size(field.bytes.bytes(), "the picture");
  return {size.height, size.width};
}

/// "sky 40.2 %, grass 20.0 %", the largest first.
std::string shares_in_words(std::span<const Prediction> areas) {
  constexpr std::size_t kShown = 4;
  std::vector<std::string> words;
  for (const Prediction& one : areas.first(std::min(kShown, areas.size())))
    words.push_back(fmt::format("{} {}", one.label, percent(*one.value)));
  return words.empty() ? "nothing" : fmt::format("{}", fmt::join(words, ", "));
}

class Segmentation final : public Task {
 public:
  Segmentation(TargetSpec target, HeadSpec head, LossSpec loss)
      : target_(std::move(target)), head_(std::move(head)), loss_(std::move(loss)) {}

  const TaskKind& kind() const override { return segmentation_row(); }
  const TargetSpec& target() const override { return target_; }
  const HeadSpec& head() const override { return head_; }
  const LossSpec& loss() const override { return loss_; }

  std::vector<std::string> row_values() const override { return {std::string(kMapValue)}; }

  TensorMap targets(const Tensor& target, const TensorMap& row) const override {
    TensorMap targets;
    targets.set(std::string(kLossTarget), placed_mask(target, row.at(kMapValue), loss_.pixels));
    return targets;
  }

  /// Pixels that have a class. A batch without any has no loss, and counts as if it had one.
  double weight(const TensorMap& batch, std::int64_t /*examples*/) const override {
    const auto numbers = batch.at(kLossTarget).as<std::int64_t>();
    const auto pixels = std::ranges::count_if(numbers, [](std::int64_t number) { return number >= 0; });
    return static_cast<double>(std::max<std::ptrdiff_t>(pixels, 1));
  }

  std::vector<std::unique_ptr<Metric>> metrics() const override {
    std::vector<std::unique_ptr<Metric>> metrics;
    metrics.push_back(std::make_unique<PixelScores>(
        target_.names, [input = loss_.pixels](const TensorMap& outputs, const TensorMap& targets) {
          return class_maps(outputs, targets, input);
        }));
    return metrics;
  }

  /// Each class that is somewhere in the picture, the largest first; its value is its share of the pixels.
  std::vector<Prediction> read(const TensorMap& outputs, std::span<const Field> fields, const Alignment& alignment,
                               const ReadingOptions& /*options*/) const override {
    if (fields.size() != 1) throw data_error("picture", fmt::format("{} fields", fields.size()), "one picture");
    return areas(
        class_map(scores_of(outputs.at(kHeadProbabilities), loss_.pixels), alignment.map, size_of_field(fields[0])));
  }

  /// One less the mean over the classes of intersection over union in this picture.
  Judged judge(const TensorMap& outputs, const Tensor& target) const override {
    require_mask(target);
    const Tensor& map = outputs.at(kMapValue);
    const Tensor found =
        class_map(scores_of(outputs.at(kHeadProbabilities), loss_.pixels),
                  map.shape().size() == 3 ? batch_row(map, 0) : map, {target.shape()[0], target.shape()[1]});
    PixelScores scores(target_.names, [&](const TensorMap&, const TensorMap&) {
      return std::vector<ClassMaps>{{.truth = target, .found = found}};
    });
    scores.update({}, {});
    MetricsReport report;
    scores.report(report);
    const double iou = report["miou"].value;
    Judged judged{.error = 1 - iou, .wanted = areas(for_drawing(target)), .found = areas(for_drawing(found))};
    judged.truth = shares_in_words(as_predictions(target));
    judged.predicted = fmt::format("{}; mean IoU {}", shares_in_words(areas(found)), percent(iou));
    return judged;
  }

  std::vector<Prediction> as_predictions(const Tensor& target) const override { return areas(target); }

  std::optional<Preview> drawn(std::span<const Field> fields, std::string_view where, std::span<const Prediction> found,
                               int side) const override {
    constexpr int kQuality = 85;
    Image image = decode(fields, where, {});
    if (const int larger = std::max(image.width, image.height); side > 0 && larger > side) {
      const auto shorter = [&](int size) { return std::max(1, size * side / larger); };
      image = resize(image, shorter(image.width), shorter(image.height), Filter::bilinear);
    }
    if (!found.empty()) overlay_classes(image, found.front().map, class_colours(target_.names));
    if (side == 0) image = with_legend(image, legend_of(found));  // small ones have it beside them
    return Preview{.type = "image/jpeg", .bytes = encode_jpeg(image, kQuality)};
  }

  std::optional<std::vector<std::byte>> answer_file(std::span<const Prediction> found) const override {
    if (found.empty()) return std::nullopt;
    const Tensor& map = found.front().map;
    return encode_palette_png(map.as<std::uint8_t>(), static_cast<int>(map.shape()[1]),
                              static_cast<int>(map.shape()[0]), class_colours(target_.names));
  }

  /// Scores have no scale of their own.
  double scale_of(const Tensor& output) const override { return largest_magnitude(output); }

  Graph exported(Graph network) const override {
    return with_class_maps(std::move(network), std::string(kind().exported));
  }

  Json to_json(std::span<const Prediction> found) const override {
    Json classes = Json::array();
    for (const Prediction& one : found)
      classes.push_back({{"label", one.label},
                         {"pixels", std::llround(*one.value * static_cast<double>(one.map.size()))},
                         {"share", *one.value}});
    Json json{{"classes", std::move(classes)}};
    if (!found.empty()) json.update(Json{{"height", found[0].map.shape()[0]}, {"width", found[0].map.shape()[1]}});
    return json;
  }

  TaskWords words() const override {
    return {.purpose = fmt::format("It predicts which of {} each pixel of a picture belongs to: ",
                                   counted(target_.names.size(), "class", "classes")),
            .use = "each class's share of the picture's pixels",
            .details = "IoU by class, and the maps of the best and the worst pictures, are in report.html.",
            .limits = "Every pixel gets one of its classes, also where none of them is.",
            .drawings = "the true classes on the left, on the right the predicted ones.",
            .legend = legend()};
  }

  Json record() const override { return {{"names", target_.names}, {"head", head_.kind}, {"input", loss_.pixels}}; }

 private:
  std::vector<LegendEntry> legend() const {
    const std::vector<RgbColour> colours = class_colours(target_.names);
    std::vector<LegendEntry> entries;
    for (std::size_t i = 0; i < target_.names.size(); ++i) entries.push_back({target_.names[i], colours[i]});
    return entries;
  }

  std::vector<LegendEntry> legend_of(std::span<const Prediction> found) const {
    const std::vector<LegendEntry> all = legend();
    std::vector<LegendEntry> entries;
    for (const Prediction& one : found) entries.push_back(all.at(to_size(one.index.value_or(0))));
    return entries;
  }

  static ScoreMaps scores_of(const Tensor& answer, MapSize input) {
    const Shape& shape = answer.shape();
    if (shape.size() < 3) throw weights_error("predictions", to_string(shape), "(classes, rows, columns)");
    const auto sizes = std::span(shape).last(3);
    return {.values = answer.as<float>(), .classes = sizes[0], .rows = sizes[1], .columns = sizes[2], .input = input};
  }

  /// At the size of the picture where targets are the data's own, else at that of the network's input.
  static std::vector<ClassMaps> class_maps(const TensorMap& outputs, const TensorMap& targets, MapSize input) {
    const Tensor &answers = outputs.at(kHeadProbabilities), &truths = targets.at(kLossTarget);
    const bool own = truths.dtype() == DType::u8;
    std::vector<ClassMaps> maps(to_size(answers.shape().at(0)));
    for (std::size_t i = 0; i < maps.size(); ++i) {
      Tensor truth = batch_row(truths, i);
      if (!own) truth = as_mask(truth);
      require_mask(truth);
      const Tensor answer = batch_row(answers, i);
      maps[i].found = class_map(scores_of(answer, input), own ? batch_row(targets.at(kMapValue), i) : unmoved(),
                                {truth.shape()[0], truth.shape()[1]});
      maps[i].truth = std::move(truth);
    }
    return maps;
  }

  /// -1 becomes `kIgnoredPixel`.
  static Tensor as_mask(const Tensor& numbers) {
    TensorBuffer mask(DType::u8, numbers.shape());
    std::ranges::transform(numbers.as<std::int64_t>(), mask.as<std::uint8_t>().begin(),
                           [](std::int64_t number) { return static_cast<std::uint8_t>(number); });
    return std::move(mask).freeze();
  }

  std::vector<Prediction> areas(const Tensor& map) const {
    const std::vector<std::uint64_t> pixels = pixels_of_classes(map, target_.names.size());
    std::vector<Prediction> found;
    for (std::size_t i = 0; i < pixels.size(); ++i)
      if (pixels[i] > 0)
        found.push_back({.label = target_.names[i],
                         .index = static_cast<std::int64_t>(i),
                         .value = static_cast<double>(pixels[i]) / static_cast<double>(map.size()),
                         .map = map});
    std::ranges::stable_sort(found, [](const Prediction& a, const Prediction& b) { return *a.value > *b.value; });
    return found;
  }

  /// Reports keep the maps of many pictures, and show small ones.
  static Tensor for_drawing(const Tensor& map) {
    constexpr std::int64_t kMostSide = 320;
    const std::int64_t larger = std::max(map.shape()[0], map.shape()[1]);
    if (larger <= kMostSide) return map;
    const auto shorter = [&](std::int64_t size) { return std::max<std::int64_t>(1, size * kMostSide / larger); };
    return resized_map(map, {shorter(map.shape()[0]), shorter(map.shape()[1])});
  }

  TargetSpec target_;
  HeadSpec head_;
  LossSpec loss_;  // its `pixels` are the size of the network's input
};

constexpr std::array<std::string_view, 3> kPixelHeads{"lraspp", "fcn", "deeplab"};

bool is_pixel_head(std::string_view kind) { return std::ranges::find(kPixelHeads, kind) != kPixelHeads.end(); }

void refuse_dense_layers(const HeadSpec& asked) {
  const std::pair<bool, const char*> others[] = {{!asked.hidden.empty(), "head.hidden"},
                                                 {asked.batch_norm, "head.batch_norm"},
                                                 {asked.dropout > 0, "head.dropout"}};
  for (const auto& [there, key] : others)
    if (there) throw usage_error(key, "has no effect on a segmentation head", "", "leave it out");
}

/// Each class inversely to its pixels, with a mean of 1 over all of them.
std::vector<double> weights_of_pixels(const TaskData& data) {
  std::vector<double> counts(data.dataset.info().target.names.size());
  double all = 0, present = 0;
  for (const std::size_t position : data.training) {
    const std::vector<std::uint64_t> pixels = pixels_of_classes(data.dataset.target(position), counts.size());
    for (std::size_t i = 0; i < pixels.size(); ++i) counts[i] += static_cast<double>(pixels[i]);
  }
  for (const double count : counts) {
    all += count;
    present += count > 0 ? 1 : 0;
  }
  std::vector<double> weights;
  for (const double count : counts) weights.push_back(count > 0 ? all / (present * count) : 1);
  return weights;
}

MapSize input_of(const HeadFeatures* features) {
  if (features == nullptr) return {};
  const SymbolicShape& input = features->input;
  if (input.size() != 4 || input[2].is_symbolic() || input[3].is_symbolic())
    throw usage_error("head: features", to_string(input), "a network of pictures at a fixed input size");
  return {input[2].size, input[3].size};
}

TaskPtr make_segmentation(const TaskData& data, const TaskRequest& asked) {
  constexpr std::array<std::string_view, 1> kOutputs{"pixels"};
  HeadSpec head = decided_head(asked.head, "pixels", kOutputs, segmentation_row().title);
  if (head.kind == HeadSpec{}.kind) head.kind = segmentation_row().head;
  refuse_dense_layers(asked.head);
  if (asked.mixes) throw usage_error("mixup and cutmix", "of pictures with masks", "", "leave them out");
  if (const auto& names = data.dataset.info().target.names; names.size() < 2)
    throw data_error(
        "masks",
        fmt::format("only one class, '{}': there is nothing to tell it from", names.empty() ? "" : names.front()),
        "two classes or more", "take in what is around it (data.classes), such as background");
  LossSpec loss = decided_loss(asked.loss, "pixel_cross_entropy", head.output);
  loss.pixels = input_of(data.features);
  if (asked.balanced) loss.class_weights = weights_of_pixels(data);
  return std::make_shared<Segmentation>(data.dataset.info().target, std::move(head), std::move(loss));
}

TaskPtr segmentation_from_record(const Json& record, std::string_view where) {
  TargetSpec target = recorded_target(record, kMaskTarget, where);
  LossSpec loss{.kind = "pixel_cross_entropy"};
  if (record.contains("input")) loss.pixels = member<MapSize>(record, "input", where, ErrorKind::weights);
  HeadSpec head{.kind = std::string(segmentation_row().head)};
  if (record.contains("head")) head.kind = member<std::string>(record, "head", where, ErrorKind::weights);
  if (!is_pixel_head(head.kind))
    throw weights_error(std::string(where), fmt::format("a head '{}'", head.kind), "one that scores each pixel");
  return std::make_shared<Segmentation>(std::move(target), std::move(head), std::move(loss));
}

}  // namespace

TaskKind segmentation_task() {
  return {
      .name = "segmentation",
      .title = "semantic segmentation",
      .monitor = "miou",
      .former_names = {},
      .fits = [](const DatasetInfo& info) { return info.target.kind == kMaskTarget; },
      .exact_solver = [](const HeadSpec&, const LossSpec&) { return ExactChoice{.obstacle = "a segmentation head"}; },
      .make = make_segmentation,
      .from_record = segmentation_from_record,
      .exported = "scores",
      .head = "lraspp",
      .takes_head = is_pixel_head,
      .draws = true,
      .file = ".png",
      // All of the picture: what a crop leaves out gets no class.
      .input = [](const Json& record) { return record.contains("fit") ? Json{{"fit", "squash"}} : Json::object(); }};
}

}  // namespace enxerto
