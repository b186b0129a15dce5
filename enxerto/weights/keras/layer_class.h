#pragma once
#include <string>
#include <string_view>

namespace enxerto {

/// Keras's name of a class in snake case: "BatchNormalization" -> "batch_normalization", "PReLU" -> "p_re_lu".
std::string snake_case(std::string_view class_name);

/// A name with a number, as Keras makes them unique: "conv2d_12" -> {"conv2d", 12}, "conv2d" -> {"conv2d", 0}.
struct NumberedName {
  std::string_view base = {};
  unsigned long number = 0;
};
NumberedName numbered(std::string_view name);

}  // namespace enxerto
