#include "enxerto/tasks/regression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/metrics/value_errors.h"
#include "enxerto/tasks/decided.h"
#include "enxerto/tasks/target_scaling.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 1> kFormerRegressionNames{"image_regression"};
constexpr std::array<std::string_view, 1> kRegressionOutputs{"linear"};

const TaskKind& regression_row() {
  static const TaskKind kind = regression_task();
  return kind;
}

class Regression final : public Task {
 public:
  Regression(TargetSpec target, HeadSpec head, LossSpec loss, TargetScaling scaling)
      : target_(std::move(target)), head_(std::move(head)), loss_(std::move(loss)), scaling_(std::move(scaling)) {}

  const TaskKind& kind() const override { return regression_row(); }
  const TargetSpec& target() const override { return target_; }
  const HeadSpec& head() const override { return head_; }
  const LossSpec& loss() const override { return loss_; }

  TensorMap targets(const Tensor& target, const TensorMap& /*row*/) const override {
    TensorMap map;
    const Tensor row = target.reshaped({1, static_cast<std::int64_t>(target.size())});
    map.set(std::string(kLossTarget), standardised(row, scaling_).reshaped(target.shape()));
    return map;
  }

  /// Errors are held against those of always predicting the training part's mean where it is known.
  std::vector<std::unique_ptr<Metric>> metrics() const override {
    std::vector<std::unique_ptr<Metric>> metrics;
    metrics.push_back(std::make_unique<ValueErrors>(target_.names, scaling_.mean));
    return metrics;
  }

  Graph finished(Graph network) const override { return answering_in_units(std::move(network), scaling_); }

  /// The mean that answers are held against is that of all that was learned from.
  TaskPtr relearned(const Dataset& dataset, std::span<const std::size_t> positions) const override {
    return std::make_shared<Regression>(target_, head_, loss_, target_scaling(dataset, positions));
  }

  /// Every number, in the order of the columns.
  std::vector<Prediction> read(const TensorMap& outputs, std::span<const Field> /*fields*/,
                               const Alignment& /*alignment*/, const ReadingOptions& /*options*/) const override {
    const auto values = answers_of(outputs, target_.names.size());
    std::vector<Prediction> found;
    for (std::size_t i = 0; i < values.size(); ++i)
      found.push_back({.label = target_.names[i],
                       .index = static_cast<std::int64_t>(i),
                       .score = {},
                       .value = static_cast<double>(values[i])});
    return found;
  }

  /// The largest error of a value, in standard deviations of the training part where they are known.
  Judged judge(const TensorMap& outputs, const Tensor& target) const override {
    const auto values = answers_of(outputs, target_.names.size());
    const auto truths = target.as<float>();
    Judged judged;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double error = std::abs(static_cast<double>(values[i]) - static_cast<double>(truths[i]));
      judged.error = std::max(judged.error, scaling_.deviation.empty() ? error : error / scaling_.deviation[i]);
      const std::string name = values.size() == 1 ? "" : (i > 0 ? ", " : "") + target_.names[i] + " ";
      judged.truth += fmt::format("{}{:.4g}", name, truths[i]);
      judged.predicted += fmt::format("{}{:.4g}", name, values[i]);
    }
    return judged;
  }

  double scale_of(const Tensor& output) const override { return largest_magnitude(output); }

  Json to_json(std::span<const Prediction> found) const override { return values_json(found); }

  TaskWords words() const override {
    return {
        .purpose = fmt::format("It predicts numbers for an example, {}: ", target_.names.size()),
        .use = "the numbers, in the units of the data",
        .details = "Errors of each number, next to those of always predicting the training mean, are in report.html.",
        .limits = "It predicts numbers for any example, even for one that they do not apply to."};
  }

  Json record() const override {
    if (scaling_.mean.empty()) return {{"names", target_.names}};
    return {{"names", target_.names}, {"mean", scaling_.mean}, {"std", scaling_.deviation}};
  }

 private:
  TargetSpec target_;
  HeadSpec head_;
  LossSpec loss_;
  TargetScaling scaling_;
};

TaskPtr make_regression(const TaskData& data, const TaskRequest& asked) {
  HeadSpec head = decided_head(asked.head, "linear", kRegressionOutputs, regression_row().title);
  LossSpec loss = decided_loss(asked.loss, "mean_squared_error", head.output);
  refuse_balanced(asked.balanced, head.output);
  return std::make_shared<Regression>(data.dataset.info().target, std::move(head), std::move(loss),
                                      target_scaling(data.dataset, data.training));
}

TaskPtr regression_from_record(const Json& record, std::string_view where) {
  TargetSpec target = recorded_target(record, kRegressionTarget, where);
  TargetScaling scaling;  // of no use to a network that answers in units already; its mean is the baseline
  if (record.contains("mean")) {
    scaling.mean = member<std::vector<double>>(record, "mean", where, ErrorKind::weights);
    scaling.deviation = member<std::vector<double>>(record, "std", where, ErrorKind::weights);
    if (scaling.mean.size() != target.names.size() || scaling.deviation.size() != target.names.size())
      throw weights_error(std::string(where), fmt::format("mean of {} numbers", scaling.mean.size()),
                          fmt::format("{}, one per name", target.names.size()));
  }
  return std::make_shared<Regression>(std::move(target), HeadSpec{}, LossSpec{}, std::move(scaling));
}

}  // namespace

TaskKind regression_task() {
  return {.name = "regression",
          .title = "regression",
          .monitor = "r2",
          .former_names = kFormerRegressionNames,
          .fits = [](const DatasetInfo& info) { return info.target.kind == kRegressionTarget; },
          .exact_solver =
              [](const HeadSpec& head, const LossSpec& loss) {
                return exact_choice(head, loss, ridge_regression_solver(), {"mean_squared_error"});
              },
          .make = make_regression,
          .from_record = regression_from_record,
          .exported = "values"};
}

}  // namespace enxerto
