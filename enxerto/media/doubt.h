#pragma once
#include <span>
#include <string>

#include "enxerto/media/field.h"

namespace enxerto {

/// What looks wrong about an example that can be read, as "uses few of its 16 bits and becomes nearly black, at most
/// 4095 of 65535"; "" where nothing does. Looks for pictures of 16 bits that use few of them (12 bits of a microscope
/// or an X-ray) and so become nearly black. The fields are such as were decoded before; throws what that throws.
std::string doubt(std::span<const Field> example);

}  // namespace enxerto
