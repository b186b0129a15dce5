#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "enxerto/engine/trainer.h"
#include "enxerto/graph/graph.h"
#include "enxerto/graph/symbol_size.h"
#include "enxerto/training/batch_source.h"

namespace enxerto {

/// Bytes of a training step, from the shapes of the trained graph.
struct StepMemory {
  std::uint64_t parameters = 0;  ///< all of the graph
  std::uint64_t gradients = 0;   ///< of what learns
  std::uint64_t moments = 0;     ///< of the optimizer
  std::uint64_t averages = 0;
  std::uint64_t per_example = 0;  ///< activations kept for the way back, and two gradients of the largest one

  /// Of a step whose largest micro-batch has so many examples; saturates at 2^64 - 1.
  std::uint64_t total(std::int64_t examples) const;
};

/// The estimate. Views (Reshape, Flatten ..) hold nothing of their own; what no trained parameter is behind is not
/// kept. `sizes`: of symbols beside "batch" (the length of the longest batch); those that are not there count 1.
StepMemory step_memory(const Graph& trained, const TrainerOptions& options, const SymbolSizes& sizes = {});

/// The sizes that the symbols of `trained` have in a batch of the source's longest example alone; empty where nothing
/// but the number of examples varies.
SymbolSizes longest_sizes(const Graph& trained, BatchSource& source);

struct FitOptions {
  std::int64_t batch_size = 32;
  std::int64_t accumulation_steps = 1;  ///< that were asked for
  std::uint64_t available = 0;          ///< bytes; of them nine tenths are used
  NormPolicy norms = NormPolicy::frozen;
  bool compares_examples = false;  ///< the loss compares those of a batch with each other
  std::string where = "";          ///< "phase 2"
};

/// The least number of micro-batches, at least `accumulation_steps`, that a batch must be split in to fit. Throws
/// Error{memory}, saying what to try, where even one example does not fit, and where batch normalisations learn from
/// the batch or the loss compares its examples: micro-batches would train another network, so it is not split further
/// than was asked for.
std::int64_t accumulation_that_fits(const StepMemory& memory, const FitOptions& options);

}  // namespace enxerto
