#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "enxerto/media/image/resize.h"

namespace enxerto {

/// One direction of a resize: `from` px become `to` px, of which only `count` from `begin` on are wanted.
struct Axis {
  int from = 1, to = 1;
  int begin = 0, count = 1;
  Filter filter = Filter::bicubic;

  bool operator==(const Axis&) const = default;
  bool changes_size() const { return from != to; }
};

/// Bits behind the point of the fixed-point weights, and half of the last digit for rounding (Pillow's Resample.c).
inline constexpr int kWeightBits = 32 - 8 - 2;
inline constexpr std::int32_t kWeightHalf = 1 << (kWeightBits - 1);

/// Taps are padded to a multiple of this, with weight 0.
inline constexpr std::size_t kTapGroup = 4;

/// For each wanted output the range of inputs that it is made of and their weights, in Pillow's fixed-point numbers.
struct AxisPlan {
  Axis axis;
  std::size_t taps = 0;                   ///< weights an output, a multiple of kTapGroup
  std::vector<std::int32_t> first, size;  ///< of the inputs of each output
  std::vector<std::int32_t> weights;      ///< count x taps
  /// The weights in two 16-bit parts for multiply-add instructions: weight = high * 256 + low, low within 0..255.
  /// A group of 4 taps (a b c d) is abababab cdcdcdcd of the high parts, then the same of the low parts.
  std::vector<std::int16_t> groups;
  bool splits = false;  ///< whether `groups` is filled: every weight fits, and there are not too many

  int input_begin() const;  ///< the first input that any output needs
  int input_end() const;    ///< one past the last
};

/// Plans a direction with any filter but `nearest`. Throws Error{data} where a side is so long that the weights would
/// take more than 256 MB.
AxisPlan plan_axis(const Axis& axis);

/// For each wanted output of `Filter::nearest` the input that it is a copy of (Pillow's ImagingScaleAffine).
std::vector<std::int32_t> nearest_inputs(const Axis& axis);

}  // namespace enxerto
