#include "enxerto/data/label_sets.h"

#include "enxerto/data/dataset.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {

LabelSets label_sets(const Dataset& dataset, std::span<const std::size_t> positions) {
  const TargetKind* kind = find_target_kind(dataset.info().target.kind);
  LabelSets sets;
  std::vector<std::uint32_t> labels;
  for (const std::size_t position : positions) {
    labels.clear();
    if (kind != nullptr && kind->labels != nullptr) {
      if (const Tensor target = dataset.target(position); target.size() > 0) kind->labels(target, labels);
    }
    sets.add(labels);
  }
  return sets;
}

}  // namespace enxerto
