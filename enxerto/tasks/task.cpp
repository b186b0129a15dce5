#include "enxerto/tasks/task.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/tasks/classification.h"
#include "enxerto/tasks/detection.h"
#include "enxerto/tasks/identification.h"
#include "enxerto/tasks/language_modelling.h"
#include "enxerto/tasks/multi_label.h"
#include "enxerto/tasks/question_answering.h"
#include "enxerto/tasks/regression.h"
#include "enxerto/tasks/segmentation.h"
#include "enxerto/tasks/sequence_to_sequence.h"
#include "enxerto/tasks/speech_recognition.h"
#include "enxerto/tasks/speech_to_text.h"
#include "enxerto/tasks/text_recognition.h"
#include "enxerto/tasks/verification.h"

namespace enxerto {
namespace {

const std::array<TaskKind, 13>& kinds() {
  static const std::array<TaskKind, 13> table{
      classification_task(),     multi_label_task(),    regression_task(),         question_answering_task(),
      detection_task(),          segmentation_task(),   language_modelling_task(), sequence_to_sequence_task(),
      speech_recognition_task(), speech_to_text_task(), text_recognition_task(),   verification_task(),
      identification_task()};
  return table;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const TaskKind& kind : kinds()) all.emplace_back(kind.name);
  return all;
}

/// (n, ..) -> (1, ..)
Tensor mean_of_rows(const Tensor& rows) {
  const auto count = static_cast<std::size_t>(rows.shape().at(0));
  if (count == 1) return rows;
  Shape shape = rows.shape();
  shape[0] = 1;
  std::vector<double> sums(rows.size() / std::max<std::size_t>(count, 1));
  const auto values = rows.as<float>();
  for (std::size_t i = 0; i < values.size(); ++i) sums[i % sums.size()] += static_cast<double>(values[i]);
  std::vector<float> means(sums.size());
  for (std::size_t i = 0; i < means.size(); ++i) means[i] = static_cast<float>(sums[i] / static_cast<double>(count));
  return Tensor::of<float>(std::move(shape), std::span<const float>(means));
}

std::string described(const DatasetInfo& info) {
  return info.target.kind.empty() ? "data without targets" : fmt::format("data of {}", info.target.kind);
}

}  // namespace

TensorMap Task::joined(const TensorMap& windows, std::span<const Field> /*fields*/, const Alignment& /*alignment*/,
                       const ReadingOptions& /*options*/) const {
  TensorMap mean;
  for (const auto& [name, outputs] : windows) mean.set(name, mean_of_rows(outputs));
  return mean;
}

std::span<const TaskKind> task_kinds() { return kinds(); }

const TaskKind& task_kind_for(std::string_view name, const DatasetInfo& info) {
  const bool any = name == "auto";
  const auto found =
      std::ranges::find_if(kinds(), [&](const TaskKind& kind) { return any ? kind.fits(info) : kind.name == name; });
  if (found == kinds().end() && any)
    throw data_error("data", described(info) + ", which fits no task", fmt::format("{}", fmt::join(names(), ", ")));
  if (found == kinds().end())
    throw usage_error("task.kind", fmt::format("'{}'{}", name, did_you_mean(name, names())),
                      fmt::format("{}", fmt::join(names(), ", ")));
  if (!found->fits(info))
    throw data_error("data", described(info), fmt::format("data for {}", found->title), "task.kind = \"auto\"");
  return *found;
}

std::string data_kind_of(std::string_view name) {
  const auto found = std::ranges::find(kinds(), name, &TaskKind::name);
  return std::string(found == kinds().end() ? "auto" : found->data_kind);
}

TaskPtr make_task(std::string_view name, const TaskData& data, const TaskRequest& asked) {
  return task_kind_for(name, data.dataset.info()).make(data, asked);
}

Json task_record(const Task& task) {
  Json record = task.record();
  record["kind"] = task.kind().name;
  return record;
}

TaskPtr task_from_record(const Json& record, std::string_view where) {
  const auto name = member<std::string>(record, "kind", where, ErrorKind::weights);
  for (const TaskKind& kind : kinds()) {
    if (kind.name == name || std::ranges::find(kind.former_names, name) != kind.former_names.end())
      return kind.from_record(record, where);
  }
  throw weights_error(std::string(where), fmt::format("its task is '{}'", name),
                      fmt::format("one of {}", fmt::join(names(), ", ")),
                      "use the version of enxerto that saved the model");
}

}  // namespace enxerto
