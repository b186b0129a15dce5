#pragma once
#include <optional>
#include <string>
#include <vector>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// A figure as people write it.
struct Figure {
  std::string value, name;
};

/// What a reader looks for first in an evaluation, as text.
struct Headline {
  Figure main;                 ///< {"90.5 %", "accuracy"}
  std::string interval;        ///< "85.6 % to 93.8 %", 95 %; empty where none is known
  std::optional<Share> share;  ///< of `main`, where that is a share with an interval
  Figure second;               ///< what stands beside it in a table: {"0.3124", "log loss"}
  std::vector<Figure> others;
};

Headline headline_of(const MetricsReport& report);

}  // namespace enxerto
