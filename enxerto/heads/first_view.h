#pragma once
#include "enxerto/heads/exact_solver.h"

namespace enxerto {

/// How many views of each example there are.
std::size_t views_of(const ExactProblem& problem);

/// The rows of the first view. Strengths are chosen on these, because another view of a held-out example is no new
/// example; the penalty of all views together is that times their number. Throws Error{data} where rows, targets and
/// groups do not go together.
Rows first_view(const ExactProblem& problem);

}  // namespace enxerto
