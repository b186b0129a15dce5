#include "enxerto/data/target_batch.h"

#include <cstring>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"

namespace enxerto {

Tensor target_batch(const Dataset& dataset, std::span<const std::size_t> positions) {
  std::vector<Tensor> targets;
  targets.reserve(positions.size());
  for (const std::size_t position : positions) {
    Tensor target = dataset.target(position);
    const auto name = [&] { return dataset.get(position)->id(); };
    if (target.size() == 0) throw data_error(name(), "no target is known", "a labelled example");
    if (!targets.empty() && (target.shape() != targets[0].shape() || target.dtype() != targets[0].dtype()))
      throw data_error(name(), "a target of " + to_string(target.shape()), to_string(targets[0].shape()));
    targets.push_back(std::move(target));
  }
  if (targets.empty()) return {};
  Shape shape{static_cast<std::int64_t>(targets.size())};
  shape.insert(shape.end(), targets[0].shape().begin(), targets[0].shape().end());
  TensorBuffer buffer(targets[0].dtype(), std::move(shape));
  for (std::size_t i = 0; i < targets.size(); ++i)
    std::memcpy(buffer.data() + i * targets[i].byte_size(), targets[i].data(), targets[i].byte_size());
  return std::move(buffer).freeze();
}

}  // namespace enxerto
