#include <algorithm>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/resample_kernels.h"

namespace enxerto {
namespace {

std::uint8_t descaled(std::int32_t sum) { return static_cast<std::uint8_t>(std::clamp(sum >> kWeightBits, 0, 255)); }

void across_scalar(const AxisPlan& plan, const RgbRows& from, std::size_t rows, std::uint8_t* to,
                   std::size_t to_stride) {
  for (std::size_t y = 0; y < rows; ++y) {
    const std::uint8_t* row = from.first + y * from.stride;
    std::uint8_t* out = to + y * to_stride;
    for (std::size_t i = 0; i < plan.first.size(); ++i, out += 3) {
      const std::uint8_t* pixel = row + std::ptrdiff_t{plan.first[i]} * 3;
      const std::int32_t* weights = plan.weights.data() + i * plan.taps;
      std::int32_t red = kWeightHalf, green = kWeightHalf, blue = kWeightHalf;
      for (std::int32_t x = 0; x < plan.size[i]; ++x, pixel += 3) {
        red += pixel[0] * weights[x];
        green += pixel[1] * weights[x];
        blue += pixel[2] * weights[x];
      }
      out[0] = descaled(red);
      out[1] = descaled(green);
      out[2] = descaled(blue);
    }
  }
}

void down_scalar(const AxisPlan& plan, std::size_t index, const std::uint8_t* from, std::size_t stride,
                 std::size_t bytes, std::uint8_t* to) {
  constexpr std::size_t kBlock = 64;
  const std::int32_t* weights = plan.weights.data() + index * plan.taps;
  const auto size = to_size(plan.size[index]);
  // Blocks of columns, tap by tap: the inner loop runs along a row, which compilers turn into vector instructions.
  for (std::size_t begin = 0; begin < bytes; begin += kBlock) {
    const std::size_t count = std::min(kBlock, bytes - begin);
    std::int32_t sums[kBlock];
    std::fill_n(sums, kBlock, kWeightHalf);
    for (std::size_t y = 0; y < size; ++y) {
      const std::uint8_t* row = from + y * stride + begin;
      for (std::size_t x = 0; x < count; ++x) sums[x] += row[x] * weights[y];
    }
    for (std::size_t x = 0; x < count; ++x) to[begin + x] = descaled(sums[x]);
  }
}

}  // namespace

const ResampleKernels& scalar_kernels() {
  static constexpr ResampleKernels kKernels{across_scalar, down_scalar};
  return kKernels;
}

const ResampleKernels& best_kernels() {
  static const ResampleKernels& best = avx2_kernels() != nullptr ? *avx2_kernels() : scalar_kernels();
  return best;
}

}  // namespace enxerto
