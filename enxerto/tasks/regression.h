#pragma once
#include "enxerto/tasks/task.h"

namespace enxerto {

/// Numbers: the output "probabilities" is (batch, columns), the numbers in their units. The network learns standardised
/// ones (mean and standard deviation of the training part) and is changed to answer in units when it is saved.
TaskKind regression_task();

}  // namespace enxerto
