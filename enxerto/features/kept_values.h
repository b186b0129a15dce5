#pragma once
#include <span>
#include <string>
#include <string_view>

#include "enxerto/base/row_layout.h"
#include "enxerto/base/row_view.h"
#include "enxerto/base/tensor_map.h"
#include "enxerto/features/extract.h"

namespace enxerto {

/// What `Alignment::map` is called among the values of a record.
inline constexpr std::string_view kAlignment = "alignment";

/// `source` that keeps of each example further values behind what its prefix gives: inputs of the preprocessor by name,
/// and "alignment", where the places of the example went, changed as the view was. They are for who reads the record,
/// not for the network (`Task::row_values`). Without any it is `source`. Throws Error{weights} for an input that the
/// preprocessor does not give, and for the alignment of one that has none.
FeatureSource keeping(FeatureSource source, std::span<const std::string> names);

/// These values of one record, each as long as the example is; "alignment" is float32 as `Alignment` says. Throws
/// Error{weights} for one that the record has not.
TensorMap kept_values(const RowView& row, const RowLayout& layout, std::span<const std::string> names);

}  // namespace enxerto
