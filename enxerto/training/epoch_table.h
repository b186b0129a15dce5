#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// The figures of the epochs of a phase as lines of fixed columns:
///
///     epoch    loss  val_loss  val_accuracy  learning_rate   time
///      1/10  0.5234    0.6120        81.0 %          0.001  4.2 s  best
///
/// "best" is behind each epoch that was better than all before it.
class EpochTable {
 public:
  using Figures = std::vector<std::pair<std::string, double>>;  ///< "val_accuracy"; "seconds" is shown as the time

  /// `measured` says which figures are shares.
  EpochTable(std::int64_t epochs, MetricsReport measured) : epochs_(epochs), measured_(std::move(measured)) {}

  static std::string head(const Figures& figures);
  std::string row(std::int64_t epoch, const Figures& figures, bool best) const;

 private:
  std::string text_of(const std::string& name, double value) const;

  std::int64_t epochs_;
  MetricsReport measured_;
};

}  // namespace enxerto
