#pragma once
#include <memory>
#include <string>

#include "enxerto/data/dataset.h"

namespace enxerto {

/// The example as one of `group`, which no split may divide; "": it stands alone.
std::unique_ptr<Example> in_group(std::unique_ptr<Example> example, std::string group);

}  // namespace enxerto
