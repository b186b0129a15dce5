#include "enxerto/tasks/task.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "enxerto/base/error.h"
#include "enxerto/tasks/image_classification.h"

namespace enxerto {
namespace {

constexpr std::array<Task, 3> kTasks{{{.name = image_classification::kTask,
                                       .title = "image classification",
                                       .targets = kClassTarget,
                                       .head_output = "softmax",
                                       .loss = "categorical_cross_entropy",
                                       .monitor = "accuracy"},
                                      {.name = "image_multi_label",
                                       .title = "several labels a picture",
                                       .targets = kMultiLabelTarget,
                                       .head_output = "multi_label",
                                       .loss = "binary_cross_entropy",
                                       .monitor = "mean_average_precision"},
                                      {.name = "image_regression",
                                       .title = "image regression",
                                       .targets = kRegressionTarget,
                                       .head_output = "linear",
                                       .loss = "mean_squared_error",
                                       .monitor = "r2"}}};

void require_width(std::span<const float> output, std::span<const std::string> labels) {
  if (output.size() == labels.size()) return;
  throw Error(ErrorKind::data, {.where = "predictions",
                                .found = fmt::format("{} numbers", output.size()),
                                .expected = fmt::format("{}, one for each label", labels.size()),
                                .tip = ""});
}

std::vector<Prediction> labels_above(double threshold, std::span<const float> output,
                                     std::span<const std::string> labels) {
  std::vector<Prediction> found;
  for (std::size_t i = 0; i < output.size(); ++i) {
    const auto probability = static_cast<double>(output[i]);
    if (probability >= threshold)
      found.push_back({.label = labels[i], .index = static_cast<std::int64_t>(i), .probability = probability});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Prediction& a, const Prediction& b) { return a.probability > b.probability; });
  return found;
}

std::vector<Prediction> all_values(std::span<const float> output, std::span<const std::string> labels) {
  std::vector<Prediction> values;
  for (std::size_t i = 0; i < output.size(); ++i)
    values.push_back(
        {.label = labels[i], .index = static_cast<std::int64_t>(i), .value = static_cast<double>(output[i])});
  return values;
}

}  // namespace

std::span<const Task> tasks() { return kTasks; }

const Task& task_named(std::string_view name) {
  const auto found = std::find_if(kTasks.begin(), kTasks.end(), [&](const Task& task) { return task.name == name; });
  if (found != kTasks.end()) return *found;
  throw Error(ErrorKind::weights,
              {.where = "the model",
               .found = fmt::format("its task is '{}'", name),
               .expected = fmt::format("{}, {} or {}", kTasks[0].name, kTasks[1].name, kTasks[2].name),
               .tip = "use the version of enxerto that saved the model"});
}

const Task& task_for(std::string_view targets) {
  return *std::find_if(kTasks.begin(), kTasks.end(), [&](const Task& task) { return task.targets == targets; });
}

std::vector<Prediction> read_output(const Task& task, std::span<const float> output,
                                    std::span<const std::string> labels, const ReadingOptions& options) {
  require_width(output, labels);
  if (task.targets == kMultiLabelTarget) return labels_above(options.threshold, output, labels);
  if (task.targets == kRegressionTarget) return all_values(output, labels);
  return image_classification::top_k(output, labels, options.top_k);
}

}  // namespace enxerto
