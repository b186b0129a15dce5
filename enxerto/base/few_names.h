#pragma once
#include <span>
#include <string>

namespace enxerto {

/// "cat, dog, fox, hen, owl and 175 more": the first few of names in a sentence.
std::string few_names(std::span<const std::string> names);

}  // namespace enxerto
