#pragma once
#include <string>
#include <string_view>

#include "enxerto/heads/exact_solver.h"
#include "enxerto/report/curve_words.h"
#include "enxerto/training/checkpoint.h"
#include "enxerto/transfer/prefix_precision.h"
#include "enxerto/workflow/train.h"

namespace enxerto {

/// What the "val_" curves of a run are of: "validation", or "test" where no examples were held back.
std::string_view curves_part(const TrainReport& report);

/// What the layers below found, as the plain values that a report shows.
PhaseReport plain(const FinishedPhase& finished, const std::string& name, const Phase& phase, const CurvesRead& curves);
PrecisionChoice plain(const PrefixPrecision& precision);

/// The curves of a phase as a report draws them.
PhaseHistory history_of(const PhaseReport& phase);

/// The head that was solved, and how its l2 was found.
void add_solved(TrainReport& report, const ExactHead& head, std::string_view solver);

}  // namespace enxerto
