#include "enxerto/workflow/network_head.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/tasks/task_metrics.h"
#include "enxerto/transfer/linear_probe.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse(std::string where, std::string found, std::string expected) {
  throw Error(ErrorKind::usage,
              {.where = std::move(where), .found = std::move(found), .expected = std::move(expected), .tip = ""});
}

bool mixes(const Recipe& recipe) {
  return std::any_of(recipe.phases.begin(), recipe.phases.end(),
                     [](const Phase& phase) { return phase.augmentation.mixup > 0 || phase.augmentation.cutmix > 0; });
}

std::string output_of(const Recipe& recipe, const Task& task, std::size_t width) {
  const std::string& asked = recipe.head.output;
  if (asked == "auto" || asked == task.head_output) return std::string(task.head_output);
  if (task.targets != kClassTarget || asked != "sigmoid")
    refuse("head.output", fmt::format("'{}' for {}", asked, task.title), std::string(task.head_output));
  if (width != 2) refuse("head.output", fmt::format("'sigmoid', one unit, for {} classes", width), "two classes");
  return asked;
}

/// Which kinds of loss go with an output.
bool fits(std::string_view loss, std::string_view output) {
  if (output == "softmax")
    return loss == "categorical_cross_entropy" || loss == "sparse_categorical_cross_entropy" || loss == "focal";
  if (output == "linear") return loss == "mean_squared_error" || loss == "huber";
  return loss == "binary_cross_entropy" || loss == "binary_focal";
}

std::string loss_kind(const Recipe& recipe, const Task& task, std::string_view output) {
  if (recipe.loss.kind != "auto") {
    if (!fits(recipe.loss.kind, output))
      refuse("loss.kind", fmt::format("'{}' behind the output '{}'", recipe.loss.kind, output),
             output == "softmax"  ? "categorical_cross_entropy, sparse_categorical_cross_entropy or focal"
             : output == "linear" ? "mean_squared_error or huber"
                                  : "binary_cross_entropy or binary_focal");
    return recipe.loss.kind;
  }
  if (output == "sigmoid") return "binary_cross_entropy";
  if (output == "softmax") return mixes(recipe) ? "categorical_cross_entropy" : "sparse_categorical_cross_entropy";
  return std::string(task.loss);
}

std::vector<std::int64_t> labels_of(const Dataset& dataset, std::span<const std::size_t> positions) {
  std::vector<std::int64_t> labels;
  labels.reserve(positions.size());
  for (const std::size_t position : positions) labels.push_back(class_number(dataset.target(position)));
  return labels;
}

}  // namespace

bool HeadPlan::is_linear() const { return task->targets == kClassTarget && head.hidden.empty() && head.dropout == 0; }

std::string HeadPlan::summary() const {
  std::string words = head.pool;
  for (const std::int64_t width : head.hidden)
    words += fmt::format(", {}{} {}", width, head.batch_norm ? " batch norm" : "", head.activation);
  if (head.dropout > 0) words += fmt::format(", dropout {:g}", head.dropout);
  return words + ", " + head.output;
}

HeadPlan plan_head(const Recipe& recipe, const Dataset& dataset, std::span<const std::size_t> training) {
  HeadPlan plan;
  plan.task = &task_for(dataset.info().target.kind);
  plan.head = {.pool = recipe.head.pool,
               .hidden = recipe.head.hidden,
               .activation = recipe.head.activation,
               .batch_norm = recipe.head.batch_norm,
               .dropout = recipe.head.dropout,
               .output = output_of(recipe, *plan.task, dataset.info().target.names.size())};
  plan.loss = {.kind = loss_kind(recipe, *plan.task, plan.head.output),
               .label_smoothing = recipe.loss.label_smoothing,
               .class_weights = {},
               .focal_gamma = recipe.loss.focal_gamma,
               .focal_alpha = recipe.loss.focal_alpha,
               .huber_delta = recipe.loss.huber_delta};
  if (recipe.head.class_weights == ClassWeights::balanced) {
    if (plan.head.output != "softmax" && plan.head.output != "sigmoid")
      refuse("head.class_weights", fmt::format("'balanced' with the output '{}'", plan.head.output),
             "one class of several");
    plan.loss.class_weights = balanced_weights(labels_of(dataset, training), dataset.info().target.names.size());
  }
  if (mixes(recipe) && plan.loss.kind == "sparse_categorical_cross_entropy")
    refuse("loss.kind", "class numbers cannot be mixed", "categorical_cross_entropy with mixup and cutmix");
  if (plan.task->targets == kRegressionTarget) plan.scaling = target_scaling(dataset, training);
  return plan;
}

Targets targets_for(const HeadPlan& plan, const Dataset& dataset, std::span<const std::size_t> positions) {
  if (plan.task->targets != kClassTarget) {
    Tensor values = positions.empty() ? Tensor() : target_batch(dataset, positions);
    if (positions.empty()) return {};
    return Targets::values(plan.task->targets == kRegressionTarget ? standardised(values, plan.scaling) : values);
  }
  std::vector<std::int64_t> labels = labels_of(dataset, positions);
  const auto classes = static_cast<std::int64_t>(dataset.info().target.names.size());
  if (plan.head.output == "sigmoid") {
    const std::vector<float> values(labels.begin(), labels.end());
    return Targets::values(Tensor::of<float>({static_cast<std::int64_t>(values.size()), 1}, std::span(values)));
  }
  return plan.loss.kind == "sparse_categorical_cross_entropy" ? Targets::class_numbers(std::move(labels), classes)
                                                              : Targets::one_hot(std::move(labels), classes);
}

}  // namespace enxerto
