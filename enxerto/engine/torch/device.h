#pragma once
#include <ATen/core/Tensor.h>

#include <string_view>

namespace enxerto {

/// "cpu" or "cuda", whose library is opened here. Throws Error{usage} where there is no such device.
at::Device device_named(std::string_view name);

}  // namespace enxerto
