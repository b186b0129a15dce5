#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/data/dataset.h"

namespace enxerto {

/// What a network of CTC writes with: label 0 is the blank, each other one a character or a few.
class Alphabet {
 public:
  /// The texts of the labels from 1 on.
  explicit Alphabet(std::vector<std::string> texts);

  /// The characters of these transcripts, in the order of their code points. Throws Error{data} where there is none, or
  /// more than 20,000.
  static Alphabet of(const Dataset& dataset, std::span<const std::size_t> positions);

  const std::vector<std::string>& texts() const { return texts_; }
  std::size_t width() const { return texts_.size() + 1; }

  /// The label between words; -1: none.
  std::int64_t space() const { return space_; }

  /// The label of a code point; 0 where it is none of them.
  std::int64_t label_of(std::int64_t point) const;

  /// The labels of a transcript, (n) of int64; characters that are none of the alphabet's are left out.
  Tensor labels_of(const Tensor& points) const;

  std::string text_of(std::span<const std::int64_t> labels) const;

 private:
  std::vector<std::string> texts_;
  std::map<std::int64_t, std::int64_t> labels_;
  std::int64_t space_ = -1;
};

/// The fewest frames in which labels can be said: a blank stands between two that are the same.
std::size_t frames_needed(std::span<const std::int64_t> labels);

}  // namespace enxerto
