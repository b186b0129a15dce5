#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "enxerto/media/image/axis_plan.h"
#include "enxerto/media/image/resample_kernels.h"

namespace enxerto {

/// Takes the output rows from the top; `row` holds as many RGB pixels as are wanted, and is valid during the call only.
using RowSink = std::function<void(std::size_t y, const std::uint8_t* row)>;

/// A resize of a window of the picture: what `resize` and `preprocess_into` are made of. Keeps its plans and buffers,
/// so that the next picture of the same size costs no allocation; not for several threads at once.
class Resampler {
 public:
  explicit Resampler(const ResampleKernels& kernels = best_kernels()) : kernels_(&kernels) {}

  /// Hands `down.count` rows of `across.count` pixels to `sink`. Both axes have the same filter and the picture's
  /// sides.
  void run(const Image& image, const Axis& across, const Axis& down, const RowSink& sink);

 private:
  void nearest(const Image& image, const Axis& across, const Axis& down, const RowSink& sink);
  void only_across(const Image& image, const Axis& down, const RowSink& sink);
  void only_down(const Image& image, const Axis& across, const RowSink& sink);
  void across_first(const Image& image, const RowSink& sink);
  void down_first(const Image& image, const RowSink& sink);

  const ResampleKernels* kernels_;
  AxisPlan across_, down_;
  std::vector<std::uint8_t> between_, row_;
};

/// This thread's own, so that many threads resize without allocating.
Resampler& thread_resampler();

}  // namespace enxerto
