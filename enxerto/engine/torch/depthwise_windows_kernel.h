// Included by one source file an instruction set, which defines ENXERTO_TARGET before, and ENXERTO_SET, a namespace of
// its own.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "enxerto/engine/torch/depthwise_windows.h"
#include "enxerto/engine/torch/lanes_kernel.h"

namespace enxerto::ENXERTO_SET {

static_assert(kDepthwiseGroup == 2 * kLanes);

using Narrow [[gnu::vector_size(kLanes * sizeof(std::uint16_t))]] = std::uint16_t;
using Bits [[gnu::vector_size(kLanes * sizeof(std::uint32_t))]] = std::uint32_t;

/// The channels of one pixel.
struct Group {
  Lanes low, high;
};

ENXERTO_TARGET inline void read(Group& group, const float* from) {
  load(group.low, from);
  load(group.high, from + kLanes);
}

ENXERTO_TARGET inline void write(float* to, const Group& group) {
  store(to, group.low);
  store(to + kLanes, group.high);
}

ENXERTO_TARGET inline void add_product(Group& sum, const Group& a, const Group& b) {
  sum.low = sum.low + a.low * b.low;
  sum.high = sum.high + a.high * b.high;
}

constexpr int kHalf = 16;  ///< bits of bfloat16: the upper ones of float32

ENXERTO_TARGET inline void widen(const std::uint16_t* from, float* to) {
  Narrow narrow;
  std::memcpy(&narrow, from, sizeof narrow);
  const Bits bits = __builtin_convertvector(narrow, Bits) << kHalf;
  std::memcpy(to, &bits, sizeof bits);
}

/// Rounded to the nearest, ties to even; what is no number stays none.
inline std::uint16_t narrowed(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  if (value != value) return static_cast<std::uint16_t>((bits >> kHalf) | 0x40U);  // NOLINT(misc-redundant-expression)
  return static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> kHalf) & 1U)) >> kHalf);
}

/// `count` channels of one pixel as float32, the rest of the group as it was.
ENXERTO_TARGET inline void take(const float* from, std::int64_t count, float* to) {
  std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(float));
}
ENXERTO_TARGET inline void take(const std::uint16_t* from, std::int64_t count, float* to) {
  if (count == kDepthwiseGroup) {
    widen(from, to);
    widen(from + kLanes, to + kLanes);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint32_t bits = static_cast<std::uint32_t>(from[i]) << kHalf;
    std::memcpy(to + i, &bits, sizeof bits);
  }
}

ENXERTO_TARGET inline void give(const float* from, std::int64_t count, float* to) {
  std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(float));
}
ENXERTO_TARGET inline void give(const float* from, std::int64_t count, std::uint16_t* to) {
  for (std::int64_t i = 0; i < count; ++i) to[i] = narrowed(from[i]);
}

/// One group of channels of all examples. What it looks at is copied first, as float32 and with its padding, so that
/// the loops over windows neither widen nor ask where a map ends.
template <typename Element>
class GroupPass {
 public:
  GroupPass(const DepthwiseWindows& of, std::int64_t first)
      : of_(of),
        first_(first),
        count_(std::min(kDepthwiseGroup, of.channels - first)),
        rows_(of.above +
              std::max(of.rows, reach(of.out_rows, of.row_stride, of.kernel_rows, of.row_dilation, of.above))),
        columns_(of.left + std::max(of.columns, reach(of.out_columns, of.column_stride, of.kernel_columns,
                                                      of.column_dilation, of.left))),
        map_(size(rows_ * columns_)),
        change_(size(of.out_rows * of.out_columns)),
        kernel_(size(of.kernel_rows * of.kernel_columns)) {}

  ENXERTO_TARGET void of_weights() {
    for (std::int64_t example = 0; example < of_.examples; ++example) {
      enter(of_.input, example, of_.rows, of_.columns, &map_[pixel(of_.above, of_.left)], columns_);
      enter(of_.change, example, of_.out_rows, of_.out_columns, change_.data(), of_.out_columns);
      for (std::int64_t row = 0; row < of_.kernel_rows; ++row)
        for (std::int64_t column = 0; column < of_.kernel_columns; column += kAtOnce)
          add_row(row, column, std::min(kAtOnce, of_.kernel_columns - column));
    }
    for (std::int64_t i = 0; i < of_.kernel_rows * of_.kernel_columns; ++i)
      give(&kernel_[static_cast<std::size_t>(i * kDepthwiseGroup)], count_, of_.of_weights + i * of_.channels + first_);
  }

  ENXERTO_TARGET void of_input() {
    for (std::int64_t i = 0; i < of_.kernel_rows * of_.kernel_columns; ++i)
      take(of_.weights + i * of_.channels + first_, count_, &kernel_[static_cast<std::size_t>(i * kDepthwiseGroup)]);
    for (std::int64_t example = 0; example < of_.examples; ++example) {
      std::ranges::fill(map_, 0.0F);
      enter(of_.change, example, of_.out_rows, of_.out_columns, change_.data(), of_.out_columns);
      for (std::int64_t row = 0; row < of_.out_rows; ++row)
        for (std::int64_t column = 0; column < of_.out_columns; ++column) spread(row, column);
      leave(example);
    }
  }

 private:
  static constexpr std::int64_t kAtOnce = 5;  ///< sums of neighbours in a row of a kernel that registers hold

  static std::int64_t reach(std::int64_t out, std::int64_t stride, std::int64_t kernel, std::int64_t dilation,
                            std::int64_t before) {
    return (out - 1) * stride + (kernel - 1) * dilation + 1 - before;
  }
  static std::size_t size(std::int64_t pixels) { return static_cast<std::size_t>(pixels * kDepthwiseGroup); }
  std::size_t pixel(std::int64_t row, std::int64_t column) const { return size(row * columns_ + column); }

  /// An example's map, into rows of `width` pixels.
  ENXERTO_TARGET void enter(const void* maps, std::int64_t example, std::int64_t rows, std::int64_t columns, float* to,
                            std::int64_t width) const {
    const Element* from = static_cast<const Element*>(maps) + example * rows * columns * of_.channels + first_;
    for (std::int64_t row = 0; row < rows; ++row)
      for (std::int64_t column = 0; column < columns; ++column, from += of_.channels)
        take(from, count_, to + size(row * width + column));
  }

  ENXERTO_TARGET void leave(std::int64_t example) const {
    Element* to = static_cast<Element*>(of_.of_input) + example * of_.rows * of_.columns * of_.channels + first_;
    for (std::int64_t row = 0; row < of_.rows; ++row)
      for (std::int64_t column = 0; column < of_.columns; ++column, to += of_.channels)
        give(&map_[pixel(of_.above + row, of_.left + column)], count_, to);
  }

  /// To the gradients of so many neighbours in a row of the kernel, what one example adds.
  ENXERTO_TARGET void add_row(std::int64_t kernel_row, std::int64_t kernel_column, std::int64_t many) {
    switch (many) {
      case 1:
        return add_neighbours<1>(kernel_row, kernel_column);
      case 2:
        return add_neighbours<2>(kernel_row, kernel_column);
      case 3:
        return add_neighbours<3>(kernel_row, kernel_column);
      case 4:
        return add_neighbours<4>(kernel_row, kernel_column);
      default:
        return add_neighbours<kAtOnce>(kernel_row, kernel_column);
    }
  }

  template <int Many>
  ENXERTO_TARGET void add_neighbours(std::int64_t kernel_row, std::int64_t kernel_column) {
    float* const sums = &kernel_[size(kernel_row * of_.kernel_columns + kernel_column)];
    Group sum[Many];
    for (int i = 0; i < Many; ++i) read(sum[i], sums + size(i));
    const float* change = change_.data();
    for (std::int64_t row = 0; row < of_.out_rows; ++row) {
      const float* at =
          &map_[pixel(row * of_.row_stride + kernel_row * of_.row_dilation, kernel_column * of_.column_dilation)];
      for (std::int64_t column = 0; column < of_.out_columns; ++column) {
        Group said;
        read(said, change);
        for (int i = 0; i < Many; ++i) {
          Group seen;
          read(seen, at + size(i * of_.column_dilation));
          add_product(sum[i], seen, said);
        }
        change += kDepthwiseGroup;
        at += size(of_.column_stride);
      }
    }
    for (int i = 0; i < Many; ++i) write(sums + size(i), sum[i]);
  }

  /// What one pixel of the output says to those that it saw.
  ENXERTO_TARGET void spread(std::int64_t row, std::int64_t column) {
    Group said;
    read(said, &change_[size(row * of_.out_columns + column)]);
    const float* weight = kernel_.data();
    for (std::int64_t i = 0; i < of_.kernel_rows; ++i) {
      float* at = &map_[pixel(row * of_.row_stride + i * of_.row_dilation, column * of_.column_stride)];
      for (std::int64_t j = 0; j < of_.kernel_columns; ++j) {
        Group sum, factor;
        read(sum, at);
        read(factor, weight);
        add_product(sum, said, factor);
        write(at, sum);
        weight += kDepthwiseGroup;
        at += size(of_.column_dilation);
      }
    }
  }

  const DepthwiseWindows& of_;
  std::int64_t first_, count_, rows_, columns_;
  std::vector<float> map_, change_, kernel_;
};

template <typename Element>
ENXERTO_TARGET inline void pass(const DepthwiseWindows& windows, std::int64_t first) {
  if (windows.of_weights != nullptr) GroupPass<Element>(windows, first).of_weights();
  if (windows.of_input != nullptr) GroupPass<Element>(windows, first).of_input();
}

ENXERTO_TARGET inline void gradients_of_group(const DepthwiseWindows& windows, std::int64_t first_channel) {
  if (windows.narrow) return pass<std::uint16_t>(windows, first_channel);
  pass<float>(windows, first_channel);
}

}  // namespace enxerto::ENXERTO_SET
