#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/row_layout.h"
#include "enxerto/base/row_record.h"
#include "enxerto/base/row_view.h"
#include "enxerto/base/rows.h"

namespace enxerto {

/// Records of one layout that lie anywhere in memory (mapped cache segments): see row_record.h for how each lies.
class StoredRows {
 public:
  StoredRows() = default;

  /// Values of float32 are kept as `storage`: f32, or half the bytes as f16 or bf16.
  explicit StoredRows(RowLayout layout, DType storage = DType::f32)
      : layout_(std::move(layout)), storage_(storage), bytes_(layout_.fixed() ? record_bytes(layout_, storage) : 0) {}

  /// The same rows, of one float32 value called `name`.
  StoredRows(const Rows& rows, std::string name, Shape shape);

  const RowLayout& layout() const { return layout_; }
  DType storage() const { return storage_; }
  std::size_t size() const { return records_.size(); }

  void reserve(std::size_t rows) { records_.reserve(rows); }
  void add(std::span<const std::byte> record);

  /// The rows at these numbers, in that order.
  StoredRows picked(std::span<const std::size_t> rows) const;

  /// Valid as long as this object and what the records lie in.
  RowView at(std::size_t row) const { return {layout_, storage_, record(row)}; }
  std::span<const std::byte> record(std::size_t row) const {
    return {records_[row], bytes_ > 0 ? bytes_ : lengths_[row]};
  }

  /// Of a matrix (`RowLayout::is_matrix`): floats of a row.
  std::size_t width() const { return element_count(layout_.values.at(0).shape); }

  /// Of a matrix: row `i` as `width` floats. Safe from many threads.
  void copy(std::size_t i, std::span<float> to) const;

  /// Of a matrix that is kept as float32: the rows without a copy, as solvers take them. Else none.
  Rows floats() const;

 private:
  RowLayout layout_ = {};
  DType storage_ = DType::f32;
  std::size_t bytes_ = 0;  // of each record, where that is fixed
  std::vector<const std::byte*> records_ = {};
  std::vector<std::size_t> lengths_ = {};  // of each record, where they vary
};

/// What was written by `to_stored`, as floats.
void from_stored(std::span<const std::byte> stored, DType dtype, std::span<float> to);

/// Rounds to the nearest, halves to even; `to` has the bytes of as many values. Throws Error{data} where a finite value
/// is beyond float16's 65504.
void to_stored(std::span<const float> values, DType dtype, std::span<std::byte> to);

}  // namespace enxerto
