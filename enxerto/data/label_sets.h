#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace enxerto {

class Dataset;

/// Numbers of the labels of examples, none to many each; those of a million examples in a few bytes each.
class LabelSets {
 public:
  void add(std::span<const std::uint32_t> labels) {
    labels_.insert(labels_.end(), labels.begin(), labels.end());
    ends_.push_back(labels_.size());
  }

  std::size_t size() const { return ends_.size(); }

  std::span<const std::uint32_t> of(std::size_t example) const {
    const std::size_t begin = example == 0 ? 0 : ends_[example - 1];
    return std::span(labels_).subspan(begin, ends_[example] - begin);
  }

  bool at_most_one_each() const {
    for (std::size_t i = 0; i < size(); ++i) {
      if (of(i).size() > 1) return false;
    }
    return true;
  }

 private:
  std::vector<std::uint32_t> labels_;
  std::vector<std::size_t> ends_;
};

/// The labels of the examples at `positions`, as the kind of their targets says.
LabelSets label_sets(const Dataset& dataset, std::span<const std::size_t> positions);

}  // namespace enxerto
