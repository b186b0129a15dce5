#pragma once
#include <map>
#include <string>

namespace enxerto {

/// Free strings that a weight file carries next to its tensors.
using Metadata = std::map<std::string, std::string, std::less<>>;

}  // namespace enxerto
