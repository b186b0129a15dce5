#pragma once
#include "enxerto/bundle/bundle.h"
#include "enxerto/engine/executor.h"
#include "enxerto/model/model.h"

namespace enxerto {

/// The precision in which what is before `precision_cut` runs, for everything that runs a saved model: fp32 where this
/// processor has no bf16. Throws Error{weights} for a record without it.
Precision resolved_precision(const Bundle& bundle, ModelPrecision asked);

}  // namespace enxerto
