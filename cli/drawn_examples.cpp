#include "drawn_examples.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "enxerto/base/error.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/tasks/task.h"

namespace enxerto::cli {

DrawnExamples::DrawnExamples(std::filesystem::path folder, const Dataset& dataset, const Task& task)
    : files_(std::move(folder)), dataset_(dataset), task_(task) {}

void DrawnExamples::draw(const PredictedExample& example) {
  const std::unique_ptr<Example> found = dataset_.get(example.position);
  if (const auto picture = task_.drawn(fields_of(dataset_, *found), example.id, example.best, 0))
    files_.write(example.id, ".jpg", picture->bytes);
}

std::size_t draw_some(const Dataset& dataset, const std::filesystem::path& folder, std::string_view option) {
  constexpr std::size_t kDrawn = 16;
  const TaskKind& kind = task_kind_for("auto", dataset.info());
  if (!kind.draws)
    throw usage_error(std::string(option), fmt::format("data of {}", dataset.info().target.kind),
                      "data with boxes or masks", "leave it out");
  const TaskPtr task = task_from_record({{"kind", kind.name}, {"names", dataset.info().target.names}}, "the data");
  DrawnExamples drawings(folder, dataset, *task);
  const std::size_t count = std::min(kDrawn, dataset.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t position = i * dataset.size() / count;
    drawings.draw({.position = position,
                   .id = dataset.get(position)->id(),
                   .probabilities = {},
                   .best = task->as_predictions(dataset.target(position)),
                   .bad = ""});
  }
  return count;
}

}  // namespace enxerto::cli
