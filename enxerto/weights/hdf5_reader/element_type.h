#pragma once
#include <hdf5.h>

#include <optional>

#include "enxerto/base/dtype.h"

namespace enxerto {

/// The numbers of a data set.
struct ElementType {
  DType dtype = DType::f32;
  std::size_t bytes = 0;   ///< of one number
  bool converted = false;  ///< whether the library has to turn them into little-endian
};

/// What `type` is in Enxerto; nothing for texts, structures, references and numbers of unusual make. `brain_floats`
/// says that two opaque bytes are a bfloat16, as Keras stores them.
std::optional<ElementType> element_type(hid_t type, bool brain_floats);

}  // namespace enxerto
