#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/infer.h"

namespace enxerto {

/// What one stage costs, for one example: symbolic dimensions count as 1.
struct StageCost {
  std::string stage;
  std::uint64_t flops = 0;            ///< of convolutions and matrix products: 2 for each multiply-add
  std::uint64_t parameters = 0;       ///< trainable numbers; running statistics are not among them, as in PyTorch
  std::uint64_t parameter_bytes = 0;  ///< of all parameters, running statistics and constants too
  std::size_t entering_bytes = 0;     ///< of the values that enter the stage
};

/// One row a stage, in order. A parameter that several stages use counts where it is used first.
std::vector<StageCost> cost(const Graph& graph);
std::vector<StageCost> cost(const Blueprint& blueprint);

/// All of its trainable numbers.
std::uint64_t trainable_count(const Graph& graph);

/// Bytes in fp32 that a cache holds of one example where training starts at `stage`: of what crosses the frontier
/// (`cut_at_frontier`); 0 of the first stage, before which nothing is computed.
std::size_t cached_bytes(const Graph& graph, std::string_view stage);

/// The sum of all rows, with what enters the first.
StageCost total(const std::vector<StageCost>& rows);

}  // namespace enxerto
