#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "enxerto/metrics/metric.h"
#include "enxerto/metrics/pair_curve.h"

namespace enxerto {

/// What is asked of pairs.
struct VerificationSettings {
  double false_accept_rate = 0.01;         ///< that is wanted
  std::optional<double> threshold = {};    ///< of the model, where it has one
  std::optional<std::int64_t> known = {};  ///< examples of a class number from here on are of nobody, and in no pair
};

/// How well vectors of length 1 tell whether two examples are of one identity: by their cosines. All pairs are looked
/// at, or those that targets list (data/identity_target.h). "eer" first; intervals are of the bootstrap over
/// identities: pairs of one identity are no independent witnesses, and the same examples are in many of them.
class VerificationScores final : public Metric {
 public:
  explicit VerificationScores(VerificationSettings settings = {}) : settings_(settings) {}

  /// Of the vectors (n, width), and targets of the kind "identities", or class numbers (n).
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override;
  void leave_out_intervals() override { has_intervals_ = false; }

  /// The pairs that it looks at, as `PairCurve` takes them.
  std::vector<ScoredPair> sorted_pairs() const { return pairs().sorted; }

 private:
  /// An example's place in a pair of a list.
  struct Listed {
    std::int64_t pair = 0, fold = -1;
    bool same = false;
    std::uint32_t example = 0;
  };
  /// All pairs, and how many examples have another of their identity nearest to them.
  struct Pairs {
    std::vector<ScoredPair> sorted;
    std::vector<std::int64_t> folds;  ///< of those of a list, in its order, beside `listed`
    std::vector<ScoredPair> listed;
    std::size_t units = 0, in_pairs = 0, nearest_same = 0, every = 1;
  };

  float cosine(std::size_t a, std::size_t b) const;
  std::vector<std::uint32_t> units(std::size_t& count) const;
  Pairs pairs() const;
  void add_all_pairs(Pairs& pairs, const std::vector<std::uint32_t>& units) const;
  void add_listed_pairs(Pairs& pairs, const std::vector<std::uint32_t>& units) const;
  void report_folds(const Pairs& pairs, MetricsReport& report) const;

  VerificationSettings settings_;
  bool has_intervals_ = true;
  std::size_t width_ = 0;
  std::vector<float> vectors_;
  std::vector<std::int64_t> identities_;  // -1: not known
  std::vector<Listed> listed_;
};

}  // namespace enxerto
