#pragma once
#include <string>
#include <vector>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// A sentence for each figure that is worse than what is had without looking at an example: "price is predicted worse
/// than by always predicting the training mean (root mean squared error 3.1 against 2.9)", "accuracy 46.7 % is no
/// better than always predicting cat (53.3 %)". Empty where there is none.
std::vector<std::string> worse_than_baseline(const MetricsReport& measured);

}  // namespace enxerto
