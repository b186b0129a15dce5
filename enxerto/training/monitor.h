#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "enxerto/metrics/metric_set.h"

namespace enxerto {

/// Whether more is better of what a phase monitors: "loss", "val_loss", or "val_" and a figure of `measured`, which
/// carries its own direction. Throws Error{usage} for another name, saying what is measured; `where` is "phase 2".
bool higher_is_better(std::string_view monitor, const MetricsReport& measured, std::string_view where);

/// The least of `metrics` that is computed after each epoch: the figure `chosen`, where they have it, and the one that
/// is monitored. Throws as `higher_is_better`.
MetricSet epoch_metrics(std::vector<std::unique_ptr<Metric>> metrics, std::string_view chosen, std::string_view monitor,
                        std::string_view where);

}  // namespace enxerto
