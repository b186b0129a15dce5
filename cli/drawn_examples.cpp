#include "drawn_examples.h"

#include <memory>
#include <utility>

#include "enxerto/data/example_fields.h"

namespace enxerto::cli {

DrawnExamples::DrawnExamples(std::filesystem::path folder, const Dataset& dataset, const Task& task)
    : files_(std::move(folder)), dataset_(dataset), task_(task) {}

void DrawnExamples::draw(const PredictedExample& example) {
  const std::unique_ptr<Example> found = dataset_.get(example.position);
  if (const auto picture = task_.drawn(fields_of(dataset_, *found), example.id, example.best, 0))
    files_.write(example.id, ".jpg", picture->bytes);
}

}  // namespace enxerto::cli
