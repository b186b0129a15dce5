#pragma once
#include <span>
#include <string>

#include "enxerto/base/tensor_map.h"
#include "enxerto/engine/executor.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// The least cosine between a row of features in fp32 and the same row in another precision that counts as agreement.
inline constexpr double kAgreement = 0.999;

/// What `auto` chose and why.
struct MeasuredPrecision {
  Precision chosen = Precision::fp32;
  double min_cosine = 1;  ///< least over the rows of the sample, bf16 against fp32; 1 where bf16 was not tried
  double fp32_rate = 0, bf16_rate = 0;  ///< examples a second; 0 where nothing was measured
  std::string reason;                   ///< one line for the report
};

/// The fastest precision that agrees with fp32 on `sample`, the user's own inputs: cosine of the features >= kAgreement
/// for each row. Each of `sample` is a batch for the prefix's inputs, by name; all of one size are compiled for once.
/// Throws Error{usage} for an empty sample.
MeasuredPrecision choose_precision(const Graph& prefix, std::span<const TensorMap> sample, int threads);

/// Least cosine over the rows (outermost dimension) of two float32 tensors of one shape; rows that are both zero agree,
/// a row that is not finite does not. Throws Error{data} where the shapes differ.
double min_row_cosine(const Tensor& a, const Tensor& b);

}  // namespace enxerto
