#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/rng.h"
#include "enxerto/training/batch_source.h"

namespace enxerto::testing {

/// Points of two classes that a line separates but for some; example i is of class i % 2.
class TinyData {
 public:
  explicit TinyData(std::size_t examples, std::uint64_t seed = 1) : values_(examples * 2) {
    for (std::size_t i = 0; i < examples; ++i) {
      Rng rng({.seed = seed, .epoch = 0, .example = i, .purpose = "point"});
      labels_.push_back(static_cast<std::int64_t>(i % 2));
      values_[2 * i] = static_cast<float>(rng.uniform() * 2 - 1 + (i % 2 == 0 ? -0.6 : 0.6));
      values_[2 * i + 1] = static_cast<float>(rng.uniform() * 2 - 1);
    }
  }

  void set(std::size_t example, float value) { values_[2 * example] = value; }
  void set_labels(std::int64_t label) { labels_.assign(labels_.size(), label); }
  void flip_labels() {
    for (std::int64_t& label : labels_) label = 1 - label;
  }

  /// Points at the values here, which must outlive it.
  std::unique_ptr<BatchSource> source() const { return std::make_unique<Source>(*this); }

 private:
  class Source final : public BatchSource {
   public:
    explicit Source(const TinyData& data) : data_(data), labels_(data.labels_) {}
    std::size_t size() const override { return labels_.size(); }
    bool is_quick() const override { return true; }
    std::string name(std::size_t example) const override { return "picture" + std::to_string(example) + ".jpg"; }
    TrainBatch get(std::span<const std::size_t> examples, std::uint64_t /*epoch*/) override {
      const auto count = static_cast<std::int64_t>(examples.size());
      TensorBuffer rows(DType::f32, {count, 2}), labels(DType::i64, {count});
      for (std::size_t i = 0; i < examples.size(); ++i) {
        std::copy_n(data_.values_.begin() + static_cast<std::ptrdiff_t>(2 * examples[i]), 2,
                    rows.as<float>().begin() + static_cast<std::ptrdiff_t>(2 * i));
        labels.as<std::int64_t>()[i] = labels_[examples[i]];
      }
      return {.inputs = {{"features", std::move(rows).freeze()}, {"target", std::move(labels).freeze()}},
              .examples = count};
    }

   private:
    const TinyData& data_;
    std::vector<std::int64_t> labels_;
  };

  std::vector<float> values_;
  std::vector<std::int64_t> labels_;
};

}  // namespace enxerto::testing
