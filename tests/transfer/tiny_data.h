#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "enxerto/base/rng.h"
#include "enxerto/transfer/batch_source.h"
#include "enxerto/transfer/cached_rows.h"

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

  Rows rows() const {
    Rows rows{.width = 2, .row = {}};
    for (std::size_t i = 0; i < labels_.size(); ++i) rows.row.push_back(values_.data() + 2 * i);
    return rows;
  }

  /// Points at the values here, which must outlive it.
  std::unique_ptr<BatchSource> source() const {
    return cached_rows({.views = {as_stored(rows())},
                        .row_shape = {2},
                        .targets = Targets::class_numbers(labels_, 2),
                        .name = [](std::size_t i) { return "picture" + std::to_string(i) + ".jpg"; }});
  }

 private:
  std::vector<float> values_;
  std::vector<std::int64_t> labels_;
};

}  // namespace enxerto::testing
