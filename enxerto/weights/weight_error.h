#pragma once
#include <string>
#include <string_view>

namespace enxerto {

/// What is wrong with a weight file. `expected` and `tip` may be empty.
struct WeightFault {
  std::string found = {}, expected = {}, tip = {};
};

/// Throws Error{weights}. An empty tip becomes the advice to get the file again.
[[noreturn]] void throw_weights_error(std::string_view where, WeightFault fault);

/// A name out of a file as errors may show it: quoted, control characters escaped, long ones shortened.
std::string shown(std::string_view name);

}  // namespace enxerto
