#pragma once
#include <cstddef>
#include <vector>

#include "enxerto/metrics/identification_curve.h"
#include "enxerto/metrics/metric.h"

namespace enxerto {

/// Who is known: a vector of length 1 each.
struct KnownIdentities {
  Tensor vectors = {};  ///< (identities, width) of float32; a row of zeros: nobody
  double threshold = 0;
};

/// How well vectors of length 1 are named by those of known identities: "rank_1", the cumulative match characteristic,
/// and open set identification. Strangers are those whose number is that of no known identity; without one, each
/// example is a stranger too, to whom its own identity is not known.
class IdentificationScores final : public Metric {
 public:
  explicit IdentificationScores(KnownIdentities known) : known_(std::move(known)) {}

  /// Of the vectors (n, width) and class numbers (n), which are rows of the known ones, or of nobody.
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override { probes_.clear(); }

 private:
  KnownIdentities known_;
  std::vector<Probe> probes_;
};

}  // namespace enxerto
