#pragma once
#include <cstddef>
#include <span>

#include "enxerto/base/padding.h"
#include "enxerto/base/row_layout.h"
#include "enxerto/base/row_view.h"
#include "enxerto/base/stored_rows.h"
#include "enxerto/base/tensor_map.h"

namespace enxerto {

/// One batch of these rows: each value of the layout by its name, (rows, ..), in the layout's type. What varies is as
/// long as the longest of the rows, rounded up to a bucket, and filled up with the value's padding.
TensorMap collate(std::span<const RowView> rows, const RowLayout& layout, const PadOptions& options = {});

/// The same of rows `begin` to `end`.
TensorMap collate(const StoredRows& rows, std::size_t begin, std::size_t end, const PadOptions& options = {});

}  // namespace enxerto
