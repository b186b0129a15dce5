#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "enxerto/base/row_layout.h"
#include "enxerto/base/tensor.h"

namespace enxerto {

/// Records of varying length are whole multiples of this many bytes.
inline constexpr std::size_t kRecordUnit = 8;
constexpr std::size_t filled_up(std::size_t bytes) { return (bytes + kRecordUnit - 1) / kRecordUnit * kRecordUnit; }

/// Bytes of each record of a layout whose shapes are fixed. A record is its values one after another, each at a
/// multiple of `kRecordUnit`, the last one not filled up where it is alone.
std::size_t record_bytes(const RowLayout& layout, DType storage);

/// Bytes of the record of values of these shapes, in the layout's order.
std::size_t record_bytes(const RowLayout& layout, DType storage, std::span<const Shape> shapes);

/// Bytes of the record of these values, in the layout's order. Where a shape varies the record begins with the sizes of
/// the dimensions that do, int64 each. Throws Error{data} for values that the layout does not allow.
std::size_t record_bytes(const RowLayout& layout, DType storage, std::span<const Tensor> values);

/// Writes it; `to` has that many bytes. Throws Error{data} also for numbers beyond the range of `storage`.
void write_record(const RowLayout& layout, DType storage, std::span<const Tensor> values, std::span<std::byte> to);

}  // namespace enxerto
