#pragma once
#include <cstddef>
#include <span>

#include "enxerto/data/dataset.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// The data of a run and how they are shared out, by positions.
struct TaskParts {
  const Dataset& dataset;
  std::span<const std::size_t> training, validation, test;
  const Preprocessor& preprocessor;
  int threads = 0;  ///< 0: all
};

}  // namespace enxerto
