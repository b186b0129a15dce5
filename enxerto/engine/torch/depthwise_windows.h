#pragma once
#include <cstdint>

namespace enxerto {

/// Gradients of a depthwise convolution in two dimensions (one kernel a channel) for one group of channels after
/// another. Maps are (examples, rows, columns, channels), contiguous, of float32, or of bfloat16 (`narrow`).
struct DepthwiseWindows {
  std::int64_t examples = 0, channels = 0;
  std::int64_t rows = 0, columns = 0;          ///< of the input
  std::int64_t out_rows = 0, out_columns = 0;  ///< of the output
  std::int64_t kernel_rows = 0, kernel_columns = 0;
  std::int64_t row_stride = 1, column_stride = 1, row_dilation = 1, column_dilation = 1;
  std::int64_t above = 0, left = 0;  ///< padding before the first row and column; behind the last it is what is needed
  bool narrow = false;
  const void* input = nullptr;
  const void* change = nullptr;    ///< gradient of the output
  const float* weights = nullptr;  ///< (kernel rows, kernel columns, channels); null: no gradient of the input
  void* of_input = nullptr;        ///< as the input, only written; null: none
  float* of_weights = nullptr;     ///< as the weights, only written; null: none
};

/// Groups of so many channels are independent of each other.
inline constexpr std::int64_t kDepthwiseGroup = 16;

struct DepthwiseGradients {
  void (*group)(const DepthwiseWindows& windows, std::int64_t first_channel);
};

/// One a source file, each compiled for the instruction set of its name; call only where the processor has it.
extern const DepthwiseGradients kDepthwiseGradientsSse2, kDepthwiseGradientsAvx2;

/// The best for this processor.
const DepthwiseGradients& depthwise_gradients();

}  // namespace enxerto
