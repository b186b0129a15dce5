#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "enxerto/features/extract.h"
#include "enxerto/graph/graph.h"
#include "enxerto/metrics/metrics_report.h"
#include "enxerto/tasks/task.h"

namespace enxerto {

/// A network and the pictures that it is held against.
struct MeasuredNetwork {
  const Graph& network;  ///< its output "probabilities", or values in their units
  std::string_view cut;  ///< the stage before which it is cut: what is before runs as `source` says, the rest in fp32
  FeatureSource source;  ///< preprocessing and precision; its prefix is made here
  const Task& task;
  std::vector<double> baseline = {};  ///< of a regression: means of the training part
};

/// Metrics on the examples at `positions`, with frozen values from the cache where they are there.
MetricsReport network_metrics(const MeasuredNetwork& measured, const DatasetPtr& dataset,
                              std::span<const std::size_t> positions, const ExtractOptions& options,
                              Progress& progress = silent());

}  // namespace enxerto
