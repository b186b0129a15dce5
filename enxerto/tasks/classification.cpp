#include "enxerto/tasks/classification.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/heads/balanced_weights.h"
#include "enxerto/metrics/accuracy.h"
#include "enxerto/metrics/balanced_accuracy.h"
#include "enxerto/metrics/class_scores.h"
#include "enxerto/metrics/cohen_kappa.h"
#include "enxerto/metrics/log_loss.h"
#include "enxerto/metrics/roc_auc.h"
#include "enxerto/metrics/top_k_accuracy.h"
#include "enxerto/tasks/decided.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 1> kFormerClassificationNames{"image_classification"};
constexpr std::array<std::string_view, 2> kClassificationOutputs{"softmax", "sigmoid"};
constexpr std::size_t kTopK = 5;

const TaskKind& classification_row() {
  static const TaskKind kind = classification_task();
  return kind;
}

class Classification final : public Task {
 public:
  Classification(TargetSpec target, HeadSpec head, LossSpec loss)
      : target_(std::move(target)),
        head_(std::move(head)),
        loss_(std::move(loss)),
        loss_target_(loss_target(loss_.kind)) {}

  const TaskKind& kind() const override { return classification_row(); }
  const TargetSpec& target() const override { return target_; }
  const HeadSpec& head() const override { return head_; }
  const LossSpec& loss() const override { return loss_; }

  TensorMap targets(const Tensor& target, const TensorMap& /*row*/) const override {
    const std::int64_t number = class_number(target);
    const std::size_t classes = target_.names.size();
    if (number < 0 || static_cast<std::size_t>(number) >= classes)
      throw data_error("targets", number < 0 ? "an example without a class" : fmt::format("class {}", number),
                       fmt::format("0 to {}", classes - 1));
    TensorMap map;
    map.set(std::string(kLossTarget), encoded(static_cast<std::size_t>(number), classes));
    return map;
  }

  std::vector<std::unique_ptr<Metric>> metrics() const override {
    std::vector<std::unique_ptr<Metric>> metrics;
    metrics.push_back(std::make_unique<Accuracy>(target_.names));
    metrics.push_back(std::make_unique<BalancedAccuracy>(target_.names.size()));
    metrics.push_back(std::make_unique<LogLoss>());
    if (target_.names.size() > kTopK) metrics.push_back(std::make_unique<TopKAccuracy>(kTopK));
    metrics.push_back(std::make_unique<CohenKappa>(target_.names.size()));
    if (target_.names.size() == 2) metrics.push_back(std::make_unique<RocAuc>());
    metrics.push_back(std::make_unique<ClassScores>(target_.names));
    return metrics;
  }

  /// The most probable classes, best first; of equal ones the lower number first, those that are not a number last.
  std::vector<Prediction> read(const TensorMap& outputs, std::span<const Field> /*fields*/,
                               const Alignment& /*alignment*/, const ReadingOptions& options) const override {
    const auto scores = answers_of(outputs, target_.names.size());
    const auto rank = [&](std::size_t i) {
      return std::isnan(scores[i]) ? -std::numeric_limits<float>::infinity() : scores[i];
    };
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::size_t k = std::min(options.top_k, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k), order.end(),
                      [&](std::size_t a, std::size_t b) { return rank(a) != rank(b) ? rank(a) > rank(b) : a < b; });
    order.resize(k);
    std::vector<Prediction> best;
    for (const std::size_t i : order)
      best.push_back(
          {.label = target_.names[i], .index = static_cast<std::int64_t>(i), .score = static_cast<double>(scores[i])});
    return best;
  }
  /// Wrong where another class is more probable; the surer, the worse.
  Judged judge(const TensorMap& outputs, const Tensor& target) const override {
    const auto scores = answers_of(outputs, target_.names.size());
    const auto truth = static_cast<std::size_t>(class_number(target));
    const auto said = static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
    const auto score = static_cast<double>(scores[said]);
    return {.error = said == truth ? 0 : score,
            .truth = target_.names.at(truth),
            .predicted = fmt::format("{} {}", target_.names[said], percent(score))};
  }
  std::vector<std::string_view> reading_options() const override { return {"--top"}; }

  Json to_json(std::span<const Prediction> found) const override {
    if (found.empty()) return {{"top", Json::array()}};
    return {{"label", found.front().label}, {"probability", *found.front().score}, {"top", scored_json(found)}};
  }

  TaskWords words() const override {
    return {.purpose = fmt::format("It predicts which of {} classes an example belongs to: ", target_.names.size()),
            .use = "label and probability",
            .details = "Scores by class and the confusion matrix are in report.html.",
            .limits = "It always predicts one of its classes, even for an example of none of them."};
  }

  Json record() const override { return {{"names", target_.names}}; }

 private:
  Tensor encoded(std::size_t number, std::size_t classes) const {
    if (loss_target_ == LossTarget::class_number) return Tensor::scalar(static_cast<std::int64_t>(number));
    if (loss_target_ == LossTarget::truths) return Tensor::of<float>({1}, {static_cast<float>(number)});
    std::vector<float> row(classes);
    row[number] = 1;
    return Tensor::of<float>({static_cast<std::int64_t>(classes)}, std::span<const float>(row));
  }

  TargetSpec target_;
  HeadSpec head_;
  LossSpec loss_;
  LossTarget loss_target_;
};

std::vector<double> weights_of_classes(const TaskData& data) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(data.training.size());
  for (const std::size_t position : data.training) numbers.push_back(class_number(data.dataset.target(position)));
  return balanced_weights(numbers, data.dataset.info().target.names.size());
}

TaskPtr make_classification(const TaskData& data, const TaskRequest& asked) {
  const TargetSpec& target = data.dataset.info().target;
  HeadSpec head = decided_head(asked.head, "softmax", kClassificationOutputs, classification_row().title);
  if (head.output == "sigmoid" && target.names.size() != 2)
    throw usage_error("head.output", fmt::format("'sigmoid' (a single unit) for {} classes", target.names.size()),
                      "two classes");
  const std::string_view standard = head.output == "sigmoid" ? "binary_cross_entropy"
                                    : asked.mixes            ? "categorical_cross_entropy"
                                                             : "sparse_categorical_cross_entropy";
  LossSpec loss = decided_loss(asked.loss, standard, head.output);
  if (asked.mixes && loss_target(loss.kind) == LossTarget::class_number)
    throw usage_error("loss.kind", "class numbers cannot be mixed", "categorical_cross_entropy with mixup and cutmix");
  if (asked.balanced) loss.class_weights = weights_of_classes(data);
  return std::make_shared<Classification>(target, std::move(head), std::move(loss));
}

TaskPtr classification_from_record(const Json& record, std::string_view where) {
  TargetSpec target = recorded_target(record, kClassTarget, where);
  return std::make_shared<Classification>(std::move(target), HeadSpec{}, LossSpec{});
}

}  // namespace

TaskKind classification_task() {
  return {.name = "classification",
          .title = "classification",
          .monitor = "accuracy",
          .former_names = kFormerClassificationNames,
          .fits = [](const DatasetInfo& info) { return info.target.kind == kClassTarget; },
          .exact_solver =
              [](const HeadSpec& head, const LossSpec& loss) {
                return exact_choice(
                    head, loss, softmax_regression_solver(),
                    {"categorical_cross_entropy", "sparse_categorical_cross_entropy", "binary_cross_entropy"});
              },
          .make = make_classification,
          .from_record = classification_from_record};
}

}  // namespace enxerto
