#pragma once
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/windows.h"
#include "enxerto/features/ready_rows.h"
#include "enxerto/graph/graph.h"
#include "enxerto/metrics/metrics_report.h"
#include "enxerto/tasks/task.h"

namespace enxerto {

/// A network and the examples that it is held against.
struct MeasuredNetwork {
  const Graph& network;  ///< its output "probabilities", or values in their units
  std::string_view cut;  ///< the stage before which it is cut: what is before runs as `source` says, the rest in fp32
  FeatureSource source;  ///< preprocessing and precision; its prefix is made here
  const Task& task;
  const ExampleWindows* windows = nullptr;  ///< of the examples, where they are divided; null: they are not
  const ReadyRows* ready = nullptr;         ///< rows that may be taken instead of being looked up
  std::function<void(std::size_t position, const Judged&)> judged = {};  ///< called for each example, where it is set
  ReadingOptions reading = {};                                           ///< of what is measured
  std::span<const std::string> groups = {};  ///< of each example of the data set, "" alone; empty: there are none
  Metric* instead = nullptr;                 ///< sees the outputs in place of the task's metrics, where it is set
};

/// How good it is, and what that took.
struct NetworkMetrics {
  MetricsReport metrics;
  std::size_t examples = 0, computed = 0, cached = 0;  ///< rows of features
  std::vector<BadExample> skipped;
  std::vector<Hash128> contents = {};  ///< of the examples
};

/// Metrics on the examples of `dataset` at `positions`, with frozen values from the cache where they are there.
NetworkMetrics network_metrics(const MeasuredNetwork& measured, const DatasetPtr& dataset,
                               const std::vector<std::size_t>& positions, const ExtractOptions& options,
                               Progress& progress = no_progress());

}  // namespace enxerto
