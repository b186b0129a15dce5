#pragma once
#include <string>
#include <vector>

#include "enxerto/metrics/metrics_report.h"
#include "enxerto/workflow/train.h"

namespace enxerto {

/// A sentence for each figure that is worse than what is had without looking at an example: "price is predicted worse
/// than by always predicting the training mean (root mean squared error 3.1 against 2.9)", "accuracy 46.7 % is no
/// better than always predicting cat (53.3 %)". Empty where there is none.
std::vector<std::string> worse_than_baseline(const MetricsReport& measured);

/// Whether the first figure says that something was learned: it is better than its baseline, or, without one, R2 is
/// above 0; true of figures that are compared with nothing.
bool beats_baseline(const MetricsReport& measured);

/// Where the strength of an exact head was chosen by how well groups are told that were held out: a sentence where even
/// the chosen one tells them no better than the test's baseline does, so that new groups will fare no better; "" else.
std::string no_better_on_held_out(const TrainReport& report);

}  // namespace enxerto
