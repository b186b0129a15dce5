#include "enxerto/data/mask_runs.h"

#include <algorithm>
#include <limits>

namespace enxerto {

MaskRuns::MaskRuns(const NumberedPicture& mask) : width_(mask.width), height_(mask.height) {
  constexpr std::uint16_t kLongest = std::numeric_limits<std::uint16_t>::max();
  for (const std::uint16_t value : mask.numbers) {
    if (!runs_.empty() && runs_.back().value == value && runs_.back().count < kLongest)
      ++runs_.back().count;
    else
      runs_.push_back({value, 1});
  }
  runs_.shrink_to_fit();
}

void MaskRuns::write(std::span<const std::uint8_t> class_of, std::span<std::uint8_t> out) const {
  auto next = out.begin();
  for (const Run& run : runs_) next = std::fill_n(next, run.count, class_of[run.value]);
}

}  // namespace enxerto
