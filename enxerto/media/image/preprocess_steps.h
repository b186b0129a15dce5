#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "enxerto/media/image/axis_plan.h"
#include "enxerto/media/image/preprocess.h"

namespace enxerto {

/// Both directions of a resize and crop.
struct Axes {
  Axis across, down;
};

/// How the picture becomes size x size pixels by `preprocess.fit`.
Axes preprocess_axes(const Image& image, const ImagePreprocess& preprocess);

/// The network's numbers of all 256 values of each channel, worked out once.
class NormalisedValues {
 public:
  explicit NormalisedValues(const ImagePreprocess& preprocess);

  /// Row `y` of `size` RGB pixels into the three planes of `out`, 3 x size x size floats.
  void write_row(const std::uint8_t* pixels, std::size_t y, std::span<float> out) const;

 private:
  std::size_t size_;
  bool reversed_;
  std::array<std::array<float, 256>, 3> table_;
};

/// Throws Error{data} where a field is out of its range, the picture is not whole, or there is no room of 3 x size x
/// size floats.
void check_request(const Image& image, const ImagePreprocess& preprocess, std::size_t room);

}  // namespace enxerto
