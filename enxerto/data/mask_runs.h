#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/media/image/decode_mask.h"

namespace enxerto {

/// A mask in few bytes: how often each value comes in a row, line after line.
class MaskRuns {
 public:
  MaskRuns() = default;
  explicit MaskRuns(const NumberedPicture& mask);

  int width() const { return width_; }
  int height() const { return height_; }
  std::size_t bytes() const { return runs_.size() * sizeof(Run); }

  /// `class_of[value]` of each pixel into `out` of height x width.
  void write(std::span<const std::uint8_t> class_of, std::span<std::uint8_t> out) const;

 private:
  struct Run {
    std::uint16_t value, count;
  };
  int width_ = 0, height_ = 0;
  std::vector<Run> runs_;
};

}  // namespace enxerto
