#pragma once
#include "enxerto/engine/executor.h"
#include "enxerto/engine/openvino/module.h"

namespace enxerto {

/// What the engine is told, with everything decided that was left open. Throws Error{usage} for bf16 where the
/// processor lacks it.
NetworkOptions network_options(const ExecutorOptions& options);

}  // namespace enxerto
