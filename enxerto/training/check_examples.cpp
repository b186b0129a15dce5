#include "enxerto/training/check_examples.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {

void check_batch_size(std::int64_t batch_size, std::size_t training_examples, std::string_view where) {
  if (training_examples == 0) {
    throw Error(ErrorKind::data, {.where = std::string(where),
                                  .found = "there is nothing to learn from",
                                  .expected = "at least one training example",
                                  .tip = "check the folder and the split"});
  }
  if (batch_size > 0 && static_cast<std::uint64_t>(batch_size) <= training_examples) return;
  throw Error(ErrorKind::usage,
              {.where = fmt::format("{}: batch_size", where),
               .found = fmt::format("{} is more than the {} training examples", batch_size, training_examples),
               .expected = fmt::format("1 to {}", training_examples),
               .tip = fmt::format("batch_size = {}", std::max<std::size_t>(1, training_examples / 4))});
}

void check_validation_labels(std::span<const std::int64_t> labels, std::span<const std::string> classes,
                             std::string_view where) {
  if (labels.empty() || classes.size() < 2) return;
  if (!std::ranges::all_of(labels, [&](std::int64_t label) { return label == labels.front(); })) return;
  const auto label = static_cast<std::size_t>(labels.front());
  throw Error(ErrorKind::data, {.where = std::string(where),
                                .found = fmt::format("all {} validation examples are of the class '{}'", labels.size(),
                                                     label < classes.size() ? classes[label] : fmt::to_string(label)),
                                .expected = "examples of several classes, as they choose which weights are kept",
                                .tip = "another validation folder, or let a share of each class be held out"});
}

}  // namespace enxerto
