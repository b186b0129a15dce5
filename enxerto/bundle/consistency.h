#pragma once
#include <string_view>

#include "enxerto/bundle/bundle.h"

namespace enxerto {

/// Throws Error{weights} naming `where` unless the parts of a bundle fit together: a well-formed graph whose inputs
/// the preprocessing gives by name, with one output (batch, labels), and a task that is named.
void check_consistent(const Bundle& bundle, std::string_view where);

/// The same of the golden tensors: "input/NAME" and "output/NAME" of the shapes of the network.
void check_golden(const Bundle& bundle, std::string_view where);

}  // namespace enxerto
