#pragma once
#include <string>

#include "enxerto/pretrained/spec.h"

namespace enxerto {

/// The next larger network of the same family and source, "resnet34" for "resnet18": the same name but for the number
/// at its end, and the next greater number. Empty where there is none.
std::string next_of_family(const PretrainedSpec& spec);

/// Side of the input that its published weights were trained at, px; 0 where it is not published.
int pretrained_size(const PretrainedSpec& spec);

}  // namespace enxerto
