#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// What the examples of a part of the data are to be answered with, as the loss wants it.
class Targets {
 public:
  /// An empty part.
  Targets() = default;

  /// Class numbers, (n) of int64 (sparse_categorical_cross_entropy).
  static Targets class_numbers(std::vector<std::int64_t> labels, std::int64_t classes);

  /// Distributions with all at one class, (n, classes) of float32.
  static Targets one_hot(std::vector<std::int64_t> labels, std::int64_t classes);

  /// Values as they are, (n, width) of float32: several sigmoids, regression, one unit.
  static Targets values(Tensor values);

  std::size_t size() const;

  /// True where targets of several examples can be averaged (mixup): all but class numbers.
  bool can_mix() const { return kind_ != Kind::class_numbers; }

  /// Of these examples.
  Tensor get(std::span<const std::size_t> examples) const;

  /// `share[i]` of the target of `examples[i]` and the rest of that of `partners[i]`.
  Tensor mixed(std::span<const std::size_t> examples, std::span<const std::size_t> partners,
               std::span<const double> shares) const;

 private:
  enum class Kind { class_numbers, one_hot, values };
  void add(std::size_t example, float share, std::span<float> row) const;

  Kind kind_ = Kind::values;
  std::vector<std::int64_t> labels_;
  std::size_t width_ = 0;
  Tensor values_;
};

}  // namespace enxerto
