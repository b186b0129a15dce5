#pragma once
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
  bool operator==(const InputSpec&) const = default;
};

}  // namespace enxerto
