#include "enxerto/tasks/multi_label.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/metrics/label_scores.h"
#include "enxerto/tasks/decided.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 1> kFormerMultiLabelNames{"image_multi_label"};
constexpr std::array<std::string_view, 1> kMultiLabelOutputs{"multi_label"};

const TaskKind& multi_label_row() {
  static const TaskKind kind = multi_label_task();
  return kind;
}

class MultiLabel final : public Task {
 public:
  MultiLabel(TargetSpec target, HeadSpec head, LossSpec loss)
      : target_(std::move(target)), head_(std::move(head)), loss_(std::move(loss)) {}

  const TaskKind& kind() const override { return multi_label_row(); }
  const TargetSpec& target() const override { return target_; }
  const HeadSpec& head() const override { return head_; }
  const LossSpec& loss() const override { return loss_; }

  TensorMap targets(const Tensor& target, const TensorMap& /*row*/) const override {
    if (target.dtype() != DType::f32 || target.size() != target_.names.size())
      throw data_error("targets", fmt::format("{} of {}", target.size(), name_of(target.dtype())),
                       fmt::format("{} labels, each 0 or 1", target_.names.size()));
    TensorMap map;
    map.set(std::string(kLossTarget), target);
    return map;
  }

  std::vector<std::unique_ptr<Metric>> metrics() const override {
    std::vector<std::unique_ptr<Metric>> metrics;
    metrics.push_back(std::make_unique<LabelScores>(target_.names));
    return metrics;
  }

  /// All labels from the threshold on, best first; there may be none.
  std::vector<Prediction> read(const TensorMap& outputs, std::span<const Field> /*fields*/,
                               const Alignment& /*alignment*/, const ReadingOptions& options) const override {
    const auto scores = answers_of(outputs, target_.names.size());
    std::vector<Prediction> found;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const auto score = static_cast<double>(scores[i]);
      if (score >= options.threshold.value_or(kEvenChance))
        found.push_back({.label = target_.names[i], .index = static_cast<std::int64_t>(i), .score = score});
    }
    std::ranges::stable_sort(found, [](const Prediction& a, const Prediction& b) { return *a.score > *b.score; });
    return found;
  }
  /// The largest difference of a probability from the truth, where it is on the wrong side of the threshold.
  Judged judge(const TensorMap& outputs, const Tensor& target) const override {
    const auto scores = answers_of(outputs, target_.names.size());
    const auto truths = target.as<float>();
    Judged judged;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const auto score = static_cast<double>(scores[i]);
      const bool there = truths[i] > 0, named = score >= kEvenChance;
      if (there != named) judged.error = std::max(judged.error, there ? 1 - score : score);
      const auto add = [&](std::string& text, const std::string& name) { text += (text.empty() ? "" : ", ") + name; };
      if (there) add(judged.truth, target_.names[i]);
      if (named) add(judged.predicted, fmt::format("{} {}", target_.names[i], percent(score)));
    }
    for (std::string* text : {&judged.truth, &judged.predicted})
      if (text->empty()) *text = "no label";
    return judged;
  }
  std::vector<std::string_view> reading_options() const override { return {"--threshold"}; }

  Json to_json(std::span<const Prediction> found) const override { return {{"labels", scored_json(found)}}; }

  TaskWords words() const override {
    return {.purpose = fmt::format("It predicts which of {} labels an example has, any number of them: ",
                                   target_.names.size()),
            .use = "labels and their probabilities",
            .details = "Scores by label are in report.html.",
            .limits = "A label is assigned if its probability is at least 0.5, unless another threshold is requested."};
  }

  Json record() const override { return {{"names", target_.names}}; }

 private:
  TargetSpec target_;
  HeadSpec head_;
  LossSpec loss_;
};

TaskPtr make_multi_label(const TaskData& data, const TaskRequest& asked) {
  HeadSpec head = decided_head(asked.head, "multi_label", kMultiLabelOutputs, multi_label_row().title);
  LossSpec loss = decided_loss(asked.loss, "binary_cross_entropy", head.output);
  refuse_balanced(asked.balanced, head.output);
  return std::make_shared<MultiLabel>(data.dataset.info().target, std::move(head), std::move(loss));
}

TaskPtr multi_label_from_record(const Json& record, std::string_view where) {
  TargetSpec target = recorded_target(record, kMultiLabelTarget, where);
  return std::make_shared<MultiLabel>(std::move(target), HeadSpec{}, LossSpec{});
}

}  // namespace

TaskKind multi_label_task() {
  return {.name = "multi_label",
          .title = "multi-label classification",
          .monitor = "mean_average_precision",
          .former_names = kFormerMultiLabelNames,
          .fits = [](const DatasetInfo& info) { return info.target.kind == kMultiLabelTarget; },
          .exact_solver =
              [](const HeadSpec& head, const LossSpec& loss) {
                return exact_choice(head, loss, logistic_regression_solver(), {"binary_cross_entropy"});
              },
          .make = make_multi_label,
          .from_record = multi_label_from_record};
}

}  // namespace enxerto
