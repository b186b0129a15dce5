#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "enxerto/metrics/box_mistakes.h"
#include "enxerto/metrics/coco_evaluation.h"
#include "enxerto/metrics/metric.h"
#include "enxerto/metrics/voc_evaluation.h"

namespace enxerto {

/// How well objects are found: the twelve figures of `kCocoFigures`, the first two with 95 % intervals by the bootstrap
/// over examples (Efron 1979, percentiles), PASCAL VOC's average precision in both definitions, the highest F1 at an
/// overlap of 0.5 and its threshold, the tables "per_class" of AP, AP50, AR, and the number of boxes, and "mistakes"
/// with the confusion matrix (`BoxMistakes`), and curves of precision over recall.
class BoxScores final : public Metric {
 public:
  /// What the examples of a batch say and are answered with, in one frame of coordinates.
  using Read = std::function<std::vector<BoxedExample>(const TensorMap& outputs, const TensorMap& targets)>;

  BoxScores(std::vector<std::string> names, Read read)
      : names_(std::move(names)),
        read_(std::move(read)),
        evaluation_(names_.size()),
        voc_(names_.size()),
        mistakes_(names_.size()) {}

  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override {
    evaluation_.reset();
    voc_.reset();
    mistakes_.reset();
  }

 private:
  std::vector<std::string> names_;
  Read read_;
  CocoEvaluation evaluation_;
  VocEvaluation voc_;
  BoxMistakes mistakes_;
};

/// The 95 % intervals of "ap" and "ap50": the middle of what they are of `resamples` draws of as many examples. NaN for
/// fewer than `kLeastForInterval` examples.
std::array<Interval, 2> bootstrap_intervals(const CocoEvaluation& evaluation, std::size_t classes,
                                            std::size_t resamples);

}  // namespace enxerto
