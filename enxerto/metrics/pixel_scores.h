#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/metrics/confusion_matrix.h"
#include "enxerto/metrics/metric.h"

namespace enxerto {

/// The classes of an example's pixels, as they are and as they were predicted: uint8 of one size. A truth that is no
/// class is not counted, whatever was predicted there.
struct ClassMaps {
  Tensor truth, found;
};

/// How well pixels are classified, from one confusion matrix over all pixels of the data (rows: true classes). "miou":
/// the mean over the classes that are there or were predicted of intersection over union, as mmsegmentation and
/// transformers have it, with a 95 % interval by the bootstrap over examples, and what predicting the largest class
/// everywhere would have; "miou_all": the mean over all classes,
/// not a number where one of them is nowhere, as torchvision's references have it; "pixel_accuracy", "mean_accuracy"
/// (of the classes that are there), "mean_dice" (over the same classes as "miou"), "frequency_weighted_iou"; the table
/// "per_class", and the matrix.
class PixelScores final : public Metric {
 public:
  /// The maps of the examples of a batch.
  using Read = std::function<std::vector<ClassMaps>(const TensorMap& outputs, const TensorMap& targets)>;

  PixelScores(std::vector<std::string> names, Read read)
      : names_(std::move(names)), read_(std::move(read)), confusion_(names_.size()) {}

  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override;

 private:
  /// Of a class: pixels where it is, where it was predicted, and both.
  struct Areas {
    std::uint64_t there = 0, found = 0, both = 0;
    double iou() const;
    double dice() const;
    double accuracy() const;
  };
  void add(const ClassMaps& maps);
  std::vector<Areas> areas() const;
  double resampled_iou(std::span<const std::uint32_t> weights) const;

  std::vector<std::string> names_;
  Read read_;
  ConfusionMatrix confusion_;
  std::vector<std::vector<Areas>> examples_;  // of each, for intervals; empty where they are too many
  std::size_t count_ = 0;
};

}  // namespace enxerto
