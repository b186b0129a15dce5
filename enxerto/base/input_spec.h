#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "enxerto/base/dtype.h"
#include "enxerto/base/shape.h"

namespace enxerto {

/// A named tensor that each example has: its type, and its shape without the batch.
struct InputSpec {
  std::string name;
  DType dtype = DType::f32;
  Shape shape = {};    ///< of one example; -1 where it varies from example to example
  double padding = 0;  ///< what a batch is filled up with behind a shorter example

  /// No dimension varies.
  bool fixed() const {
    for (const auto size : shape) {
      if (size < 0) return false;
    }
    return true;
  }

  /// An example may have this shape.
  bool allows(const Shape& its) const;
  bool operator==(const InputSpec&) const = default;
};

/// Bytes of the inputs of one example, where a dimension that varies counts as `kUsualLength`: what batch sizes go by.
std::size_t example_bytes(std::span<const InputSpec> inputs);
inline constexpr Shape::value_type kUsualLength = 128;

/// "input (3, 224, 224)", several with commas between them.
std::string to_string(std::span<const InputSpec> inputs);

}  // namespace enxerto
