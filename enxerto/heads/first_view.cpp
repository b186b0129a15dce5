#include "enxerto/heads/first_view.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {

std::size_t views_of(const ExactProblem& problem) {
  const std::size_t examples = problem.examples();
  if (examples == 0 || problem.features.size() == 0 || problem.features.size() % examples != 0)
    throw data_error("the features of the head", fmt::format("{} rows, {} targets", problem.features.size(), examples),
                     "a target for each row");
  if (!problem.groups.empty() && problem.groups.size() != examples)
    throw data_error("the groups of the head", fmt::format("{} groups, {} targets", problem.groups.size(), examples),
                     "a group for each example");
  return problem.features.size() / examples;
}

Rows first_view(const ExactProblem& problem) {
  Rows rows = problem.features;
  rows.row.resize(problem.features.size() / views_of(problem));
  return rows;
}

}  // namespace enxerto
