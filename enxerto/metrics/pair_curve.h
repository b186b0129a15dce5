#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace enxerto {

/// Two examples, how alike they are said to be (the higher, the more), and whether both are of one identity.
struct ScoredPair {
  float score = 0;
  bool same = false;
  std::uint32_t first = 0, second = 0;  ///< numbers of what intervals draw anew: identities, or examples
};

/// Highest score first, as `PairCurve` takes them.
void sort_pairs(std::vector<ScoredPair>& pairs);

/// What becomes of pairs where those of at least `threshold` are said to be the same.
struct OperatingPoint {
  double threshold = 0;
  double false_accept_rate = 0;  ///< of pairs of two identities
  double true_accept_rate = 0;   ///< of pairs of one
};

/// The receiver operating characteristic of pairs: a point for each different score, equal scores being one step, as
/// scikit-learn's `roc_curve` with `drop_intermediate=False`.
class PairCurve {
 public:
  /// `weights`, one a pair or none, say how often each counts. Throws Error{data} for a score that is not a number.
  explicit PairCurve(std::span<const ScoredPair> sorted, std::span<const double> weights = {});

  /// The first accepts nothing: its threshold is infinite.
  const std::vector<OperatingPoint>& points() const { return points_; }
  double genuine() const { return genuine_; }      ///< pairs of one identity, by weight
  double impostors() const { return impostors_; }  ///< pairs of two

  /// Area under it by trapezoids: how often a pair of one identity scores above one of two, ties half. Figures are NaN
  /// where there is no pair of one identity, or none of two.
  double area() const;

  /// Where false accepts are as frequent as false rejects, on the straight line between two points.
  double equal_error_rate() const;

  /// The lowest threshold that accepts at most this share of the pairs of two identities.
  OperatingPoint at_false_accept_rate(double rate) const;

  /// Whether at least one pair may be accepted by mistake at that rate; where none may, its figures say nothing.
  bool supports(double rate) const;

  OperatingPoint at_threshold(double threshold) const;

  /// The threshold at which most pairs are told rightly, the highest of equal ones, and that share of the pairs.
  OperatingPoint best(double& accuracy) const;

  /// The least cost of a decision where 1 of 100 pairs is of one identity and each mistake costs 1, as SpeechBrain's
  /// minDCF (1, 1, 0.01), not normalised.
  double detection_cost() const;

 private:
  bool is_empty() const { return genuine_ <= 0 || impostors_ <= 0; }

  std::vector<OperatingPoint> points_;
  double genuine_ = 0, impostors_ = 0;
};

}  // namespace enxerto
