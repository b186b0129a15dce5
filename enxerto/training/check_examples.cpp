#include "enxerto/training/check_examples.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {

void check_batch_size(std::int64_t batch_size, std::size_t training_examples, std::string_view where) {
  if (training_examples == 0) {
    throw data_error(std::string(where), "there are no examples to train on", "at least one training example",
                     "check the folder and the split");
  }
  if (batch_size > 0 && static_cast<std::uint64_t>(batch_size) <= training_examples) return;
  throw usage_error(fmt::format("{}: batch_size", where),
                    fmt::format("{} is more than the {} training examples", batch_size, training_examples),
                    fmt::format("1 to {}", training_examples),
                    fmt::format("training.batch_size = {}", std::max<std::size_t>(1, training_examples / 4)));
}

void check_validation_labels(std::span<const std::int64_t> labels, std::span<const std::string> classes,
                             std::string_view where) {
  if (labels.empty() || classes.size() < 2) return;
  if (!std::ranges::all_of(labels, [&](std::int64_t label) { return label == labels.front(); })) return;
  const auto label = static_cast<std::size_t>(labels.front());
  throw data_error(std::string(where),
                   fmt::format("all {} validation examples are of the class '{}'", labels.size(),
                               label < classes.size() ? classes[label] : fmt::to_string(label)),
                   "examples of several classes, as they choose which weights are kept",
                   "another validation folder, or hold out a share of each class");
}

}  // namespace enxerto
