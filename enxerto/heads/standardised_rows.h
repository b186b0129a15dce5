#pragma once
#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/heads/ridge_regression.h"
#include "enxerto/heads/standardisation.h"

namespace enxerto {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

inline Eigen::Index index(std::size_t size) { return static_cast<Eigen::Index>(size); }

/// Rows as a least-squares problem wants them: features standardised and targets centred, in double, a block at a time.
class StandardisedRows {
 public:
  /// Throws Error{data} where sizes differ, nothing is there, or features are not finite.
  StandardisedRows(const RidgeData& data, int threads);

  std::size_t rows() const { return data_.rows(); }
  std::size_t width() const { return data_.features.width; }
  std::size_t values() const { return data_.values; }

  /// (count, width) from row `begin` on.
  RowMatrix block(std::size_t begin, std::size_t count) const;

  /// (rows, count) of the features from `begin` on.
  RowMatrix columns(std::size_t begin, std::size_t count) const;

  /// (count, values) of centred targets.
  RowMatrix targets(std::size_t begin, std::size_t count) const;

  /// The layer on raw features of `weight` (width, values) on standardised ones.
  LinearClassifier layer(const RowMatrix& weight) const;

 private:
  RidgeData data_;
  Standardisation standardisation_;
  std::vector<double> mean_;  // of the targets
};

}  // namespace enxerto
