#pragma once
#include <string_view>

#include "enxerto/bundle/bundle.h"

namespace enxerto {

/// Throws Error{weights} naming `where` unless the parts of a bundle fit together: a well-formed graph with one input
/// (batch, 3, size, size) of the size that the preprocessing gives and one output (batch, labels), a task
/// that is named, and golden inputs and outputs of those shapes.
void check_consistent(const Bundle& bundle, std::string_view where);

}  // namespace enxerto
