#pragma once
#include <openvino/core/type/element_type.hpp>

#include "enxerto/base/dtype.h"

namespace enxerto {

/// OpenVINO's name for a type of ours, and back. Throws Error{weights} for a type that we have no name for.
ov::element::Type to_openvino(DType dtype);
DType from_openvino(const ov::element::Type& type);

}  // namespace enxerto
