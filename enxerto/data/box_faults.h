#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/box_target.h"
#include "enxerto/data/data_faults.h"

namespace enxerto {

/// What a box lies in.
struct BoxFrame {
  double width = 0, height = 0;  ///< of the picture, in the unit of the box; 0: not known
  double slack = 0;              ///< so far may a box reach beyond it, as rounding leaves it
};

/// Of a picture of so many pixels; 0: not known. Tools round to whole pixels, and count them from 0 or from 1.
BoxFrame pixel_frame(double width, double height);

/// Cuts what reaches a little beyond the picture off. Returns what is wrong with the box, "" where nothing is: a number
/// that is not finite, no width or height, outside of the picture; `given`: as it stands in the file.
std::string box_fault(LabelledBox& box, const BoxFrame& frame, std::string_view given);

/// Collects what is wrong with the boxes of a file, or of several.
class BoxFaults {
 public:
  /// Where `faults` keeps, each goes there.
  explicit BoxFaults(DataFaults& faults = refused_faults()) : faults_(faults) {}

  void add(std::string where, std::string fault);

  /// Throws Error{data} naming the first, how many there are, and some of the others.
  void require_none() const;

 private:
  struct Fault {
    std::string where, fault;
  };
  DataFaults& faults_;
  std::vector<Fault> first_;
  std::size_t count_ = 0;
};

}  // namespace enxerto
