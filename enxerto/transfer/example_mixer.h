#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/base/rng.h"
#include "enxerto/base/shape.h"
#include "enxerto/media/image/mix.h"
#include "enxerto/transfer/target_source.h"

namespace enxerto {

struct MixingOptions {
  double mixup = 0;   ///< alpha (Zhang et al. 2018): an example is a mixture of two; 0: off
  double cutmix = 0;  ///< alpha (Yun et al. 2019): a box of a map is that of another example; 0: off. With both on,
                      ///< each example draws which
  std::uint64_t seed = 0;
  Shape row_shape = {};      ///< of one example: (1280), or (channels, height, width) for cutmix
  std::size_t examples = 0;  ///< of the whole part, among which partners are drawn
};

/// Mixup and cutmix of examples, whatever they are: partner and share of an example depend on (seed, epoch, example)
/// only.
class ExampleMixer {
 public:
  /// Throws Error{usage} for a mixture of class numbers, an alpha below 0, and cutmix of rows that are no map.
  ExampleMixer(MixingOptions options, const TargetSource& targets);

  bool mixes() const { return options_.mixup != 0 || options_.cutmix != 0; }

  /// The example that each of these is mixed with.
  std::vector<std::size_t> partners(std::span<const std::size_t> examples, std::uint64_t epoch) const;

  /// Mixes `others`, the rows of the partners, into `rows`, one after another; returns the share of each example that
  /// is left.
  std::vector<double> mix(std::span<const std::size_t> examples, std::uint64_t epoch, std::span<float> rows,
                          std::span<const float> others) const;

 private:
  RandomKey key(std::size_t example, std::uint64_t epoch, std::string_view purpose) const;
  bool cuts(std::size_t example, std::uint64_t epoch) const;
  double put_box(const MixDraw& draw, std::span<const float> other, std::span<float> row) const;

  MixingOptions options_;
};

}  // namespace enxerto
