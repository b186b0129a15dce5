#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/heads/loss.h"
#include "enxerto/transfer/target_source.h"

namespace enxerto::testing {

inline TargetSource given(Tensor targets) { return TargetSource({{std::string(kLossTarget), std::move(targets)}}); }

/// Class numbers, (n) of int64.
inline TargetSource class_numbers_of(const std::vector<std::int64_t>& labels) {
  return given(
      Tensor::of<std::int64_t>({static_cast<std::int64_t>(labels.size())}, std::span<const std::int64_t>(labels)));
}

/// Distributions with all at one class, (n, classes).
inline TargetSource one_hot(const std::vector<std::int64_t>& labels, std::size_t classes) {
  std::vector<float> rows(labels.size() * classes);
  for (std::size_t i = 0; i < labels.size(); ++i) rows[i * classes + static_cast<std::size_t>(labels[i])] = 1;
  return given(Tensor::of<float>({static_cast<std::int64_t>(labels.size()), static_cast<std::int64_t>(classes)},
                                 std::span<const float>(rows)));
}

}  // namespace enxerto::testing
