#pragma once
#include <cstddef>
#include <vector>

#include "enxerto/metrics/coco_evaluation.h"

namespace enxerto {

/// Average precision as PASCAL VOC's development kit computes it (Everingham et al. 2010, section 4.2; VOCevaldet.m),
/// of boxes whose sides count whole pixels there and are lengths here. A found box, best first, is compared with the
/// true box of its class that it overlaps most, and only with that one: right from an overlap above 0.5 on, once; a
/// second one is wrong; what meets a difficult one (`TrueBox::crowd`) counts neither way. Equal scores count in the
/// order in which they came.
class VocEvaluation {
 public:
  explicit VocEvaluation(std::size_t classes) : classes_(classes) {}

  /// Throws Error{data} for a class number out of range.
  void add(const BoxedExample& example);

  /// NaN for a class without a box that counts.
  struct Figures {
    double area = 0;    ///< under the monotone curve of precision over recall, as from 2010 on
    double eleven = 0;  ///< the mean of the greatest precisions from the recalls 0, 0.1, .. 1 on, as in 2007
  };
  Figures of(std::size_t label) const;

  /// The means over the classes that have boxes; NaN where none has.
  Figures mean() const;

  void reset();

 private:
  struct Nearest {
    double score = 0;
    std::size_t truth = 0;  ///< number of the true box of its class, over all examples
    bool meets = false;     ///< overlaps it by more than a half
  };
  struct OfClass {
    std::vector<Nearest> found;
    std::vector<bool> difficult;  ///< of each true box
  };

  std::vector<OfClass> classes_;
};

}  // namespace enxerto
