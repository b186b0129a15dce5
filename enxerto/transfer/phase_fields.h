#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/setting.h"
#include "enxerto/transfer/phase.h"

namespace enxerto {

/// A key of a [[phase]] of a recipe: `table` is "" or "augmentation", a table in it.
struct PhaseField {
  std::string_view table;
  BoundSetting field;
};

/// Every key of a phase: its own, then those of its optimizer, schedule, early stopping and augmentation.
std::vector<PhaseField> bind_fields(Phase& phase);

/// What `optimizer` may be: lbfgs, and each of `kOptimizers`.
std::vector<std::string> optimizer_names();

}  // namespace enxerto
