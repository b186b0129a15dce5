#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace enxerto {

/// Left, top, width and height, px.
using BoxExtent = std::array<double, 4>;

/// A box that is there.
struct TrueBox {
  BoxExtent extent{};
  std::size_t label = 0;  ///< number of its class
  double area = 0;        ///< px²: of the object where it is known, else of the box
  bool crowd = false;     ///< of many objects: what is found in it counts neither way
};

/// A box that was found.
struct FoundBox {
  BoxExtent extent{};
  std::size_t label = 0;
  double score = 0;
};

/// Of one example.
struct BoxedExample {
  std::vector<TrueBox> truths;
  std::vector<FoundBox> found;
};

/// COCO's detection figures (cocodataset.org/#detection-eval), equal to pycocotools' COCOeval of the type "bbox" on the
/// same boxes in the same order: 10 thresholds of overlap from 0.5 to 0.95, 101 recalls, at most 100 boxes an example
/// and class, crowds matched any number of times by intersection over the found box. Figures are NaN where nothing is
/// known
/// (-1 there).
class CocoEvaluation {
 public:
  enum class Area : std::uint8_t { all, small, medium, large };  ///< of the object: below 32², to 96², above
  static constexpr std::size_t kAreas = 4, kThresholds = 10, kRecalls = 101;
  static constexpr std::array<std::size_t, 3> kMost{1, 10, 100};  ///< boxes an example and class that are looked at

  explicit CocoEvaluation(std::size_t classes) : classes_(classes) {}

  /// Throws Error{data} for a class number out of range.
  void add(const BoxedExample& example);

  std::size_t examples() const { return examples_; }

  /// Boxes of a class, without crowds.
  std::size_t truths(std::size_t label) const;

  /// Precision at the thresholds (mean over the recalls) and greatest recall of one class; NaN where it has no box.
  struct Curve {
    std::array<double, kThresholds> precision, recall;
  };

  /// `weights`: how often each example counts, in their order; empty: once.
  Curve curve(std::size_t label, Area area, std::size_t most, std::span<const std::uint32_t> weights = {}) const;

  /// Precision at the recalls 0, 0.01, .. 1 at one threshold, of objects of any size: the mean over the classes that
  /// have boxes. Empty where none has.
  std::vector<double> mean_precisions(std::size_t threshold) const;

  /// The score from which on boxes are to be taken for the highest F1 at an overlap of 0.5, all classes together.
  struct BestScore {
    double score = std::numeric_limits<double>::quiet_NaN(), f1 = std::numeric_limits<double>::quiet_NaN();
  };
  BestScore best_score() const;

  /// The twelve figures in COCO's order, as `kCocoFigures` names them.
  std::array<double, 12> figures() const;

  /// Puts the boxes into the order of their scores once, for many curves.
  void sort();

  void reset();

 private:
  struct Match {
    double score = 0;
    std::uint32_t example = 0, rank = 0;                     // its rank among the boxes of its example and class
    std::array<std::uint16_t, kAreas> matched{}, ignored{};  // a bit a threshold
  };
  struct OfClass {
    std::vector<Match> matches;                                                       // in the order in which they came
    std::vector<std::pair<std::uint32_t, std::array<std::uint32_t, kAreas>>> truths;  // of each example: that count
  };

  std::vector<OfClass> classes_;
  std::size_t examples_ = 0;
  bool sorted_ = false;
};

/// A figure of COCO's summary.
struct CocoFigure {
  std::string_view name, title;  ///< "ap_small", "AP, small objects"
  bool recall = false;
  int threshold = -1;  ///< number of the only threshold; -1: the mean over all
  CocoEvaluation::Area area = CocoEvaluation::Area::all;
  std::size_t most = 100;
};
inline constexpr std::array<CocoFigure, 12> kCocoFigures{{
    {.name = "ap", .title = "AP"},
    {.name = "ap50", .title = "AP50", .threshold = 0},
    {.name = "ap75", .title = "AP75", .threshold = 5},
    {.name = "ap_small", .title = "AP, small objects", .area = CocoEvaluation::Area::small},
    {.name = "ap_medium", .title = "AP, medium objects", .area = CocoEvaluation::Area::medium},
    {.name = "ap_large", .title = "AP, large objects", .area = CocoEvaluation::Area::large},
    {.name = "ar1", .title = "AR, 1 box", .recall = true, .most = 1},
    {.name = "ar10", .title = "AR, 10 boxes", .recall = true, .most = 10},
    {.name = "ar100", .title = "AR, 100 boxes", .recall = true},
    {.name = "ar_small", .title = "AR, small objects", .recall = true, .area = CocoEvaluation::Area::small},
    {.name = "ar_medium", .title = "AR, medium objects", .recall = true, .area = CocoEvaluation::Area::medium},
    {.name = "ar_large", .title = "AR, large objects", .recall = true, .area = CocoEvaluation::Area::large},
}};

}  // namespace enxerto
