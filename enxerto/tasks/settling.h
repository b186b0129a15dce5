#pragma once
#include <memory>
#include <string>

#include "enxerto/metrics/metric.h"

namespace enxerto {

class Task;

/// A task in the making: it sees what the finished network says of the examples that were learned from, as a metric
/// does, and settles what follows from that: a threshold, who is known.
class Settling : public Metric {
 public:
  /// Throws Error{data} where it has seen too little.
  virtual std::shared_ptr<const Task> settled() const = 0;

  /// What was settled, in words.
  virtual std::string words() const = 0;

  void report(MetricsReport& /*report*/) const override {}
  void reset() override {}
};

}  // namespace enxerto
