#pragma once
#include <memory>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/base/rows.h"
#include "enxerto/graph/graph.h"
#include "enxerto/training/batch_source.h"
#include "enxerto/transfer/phase.h"
#include "enxerto/transfer/phase_context.h"
#include "enxerto/transfer/prefix_precision.h"

namespace enxerto {

/// What the trained part of a phase is fed with.
struct PhaseSources {
  std::unique_ptr<BatchSource> training, validation;  ///< validation is null where there is none
  std::vector<Rows> views;    ///< the training rows where they are cached as float32: one set a view; else empty
  std::string how;            ///< "cached features of 60,000 examples: 123 MB"
  std::string description;    ///< of the rows, for the cache
  PrefixPrecision precision;  ///< of the frozen part
  std::size_t computed = 0, cached = 0, repaired = 0;  ///< rows of features
  std::vector<std::shared_ptr<const void>> storage;    ///< what the rows lie in
};

/// The frozen side of a phase, which runs once for each example and view: its values are cached, and read for all
/// epochs. Examples that are augmented before a frozen part have `phase.views` seeded views (0: as many as epochs, at
/// most 5). Where the values are more than the context's budget they are computed again in every epoch; where nothing
/// is frozen and examples are augmented, they are read and changed as they are needed. The bytes are reported as a
/// result before the work begins. Throws as `extract`.
PhaseSources phase_sources(const Graph& prefix, const Phase& phase, const PhaseContext& context,
                           Progress& progress = no_progress());

}  // namespace enxerto
