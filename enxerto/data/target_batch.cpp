#include "enxerto/data/target_batch.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "enxerto/base/collate.h"
#include "enxerto/base/error.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

/// Of targets that vary in length.
Tensor filled_batch(const std::vector<Tensor>& targets) {
  constexpr double kNothing = -1;
  Shape shape = targets[0].shape();
  shape.at(0) = -1;
  const RowLayout layout{{{.name = "target", .dtype = targets[0].dtype(), .shape = shape, .padding = kNothing}}};
  std::vector<RowView> rows;
  for (const Tensor& target : targets) rows.emplace_back(std::span(&target, 1));
  return collate(rows, layout, {.buckets = PadOptions::Buckets::none}).at("target");
}

bool fit(const Tensor& a, const Tensor& b, bool varying) {
  const std::size_t from = varying ? 1 : 0;
  return a.dtype() == b.dtype() && a.shape().size() == b.shape().size() &&
         std::equal(a.shape().begin() + static_cast<std::ptrdiff_t>(std::min(from, a.shape().size())), a.shape().end(),
                    b.shape().begin() + static_cast<std::ptrdiff_t>(std::min(from, b.shape().size())));
}

}  // namespace

Tensor target_batch(const Dataset& dataset, std::span<const std::size_t> positions) {
  const TargetKind* kind = find_target_kind(dataset.info().target.kind);
  const bool varying = kind != nullptr && kind->varying;
  std::vector<Tensor> targets;
  targets.reserve(positions.size());
  for (const std::size_t position : positions) {
    Tensor target = dataset.target(position);
    const auto name = [&] { return dataset.get(position)->id(); };
    if (!is_labelled(target)) throw data_error(name(), "no target is known", "a labelled example");
    if (!targets.empty() && !fit(target, targets[0], varying))
      throw data_error(name(), "a target of " + to_string(target.shape()), to_string(targets[0].shape()));
    targets.push_back(std::move(target));
  }
  if (targets.empty()) return {};
  if (varying) return filled_batch(targets);
  Shape shape{static_cast<std::int64_t>(targets.size())};
  shape.insert(shape.end(), targets[0].shape().begin(), targets[0].shape().end());
  TensorBuffer buffer(targets[0].dtype(), std::move(shape));
  for (std::size_t i = 0; i < targets.size(); ++i)
    std::memcpy(buffer.data() + i * targets[i].byte_size(), targets[i].data(), targets[i].byte_size());
  return std::move(buffer).freeze();
}

}  // namespace enxerto
