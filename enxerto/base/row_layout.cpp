#include "enxerto/base/row_layout.h"

#include <algorithm>

namespace enxerto {

bool RowLayout::fixed() const {
  return std::ranges::all_of(values, [](const InputSpec& value) { return value.fixed(); });
}

bool RowLayout::is_matrix() const { return values.size() == 1 && values[0].dtype == DType::f32 && fixed(); }

DType stored_type(const InputSpec& value, DType storage) { return value.dtype == DType::f32 ? storage : value.dtype; }

}  // namespace enxerto
