#pragma once
#include <map>
#include <string>

namespace enxerto {

/// Free texts that a weight file carries beside its tensors.
using Metadata = std::map<std::string, std::string, std::less<>>;

}  // namespace enxerto
