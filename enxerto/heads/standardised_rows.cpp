#include "enxerto/heads/standardised_rows.h"

#include <fmt/format.h>

#include <utility>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

const RidgeData& checked(const RidgeData& data) {
  if (data.rows() == 0 || data.features.width == 0 || data.values == 0)
    throw data_error("ridge regression",
                     fmt::format("{} rows of {} features and {} values", data.rows(), data.features.width, data.values),
                     "at least one of each");
  if (data.targets.size() / data.values != data.rows() || data.targets.size() % data.values != 0)
    throw data_error("ridge regression", fmt::format("{} targets", data.targets.size()),
                     fmt::format("{} for each of {} rows", data.values, data.rows()));
  return data;  // NOLINT(bugprone-return-const-ref-from-parameter): the caller's own
}

}  // namespace

StandardisedRows::StandardisedRows(const RidgeData& data, int threads)
    : data_(checked(data)), standardisation_(measure_standardisation(data.features, threads)), mean_(data.values) {
  for (std::size_t i = 0; i < data.targets.size(); ++i) mean_[i % values()] += data.targets[i];
  for (double& mean : mean_) mean /= static_cast<double>(rows());
}

RowMatrix StandardisedRows::block(std::size_t begin, std::size_t count) const {
  RowMatrix result(index(count), index(width()));
  for (std::size_t r = 0; r < count; ++r) {
    const float* row = data_.features.row[begin + r];
    double* out = result.row(index(r)).data();
    for (std::size_t f = 0; f < width(); ++f)
      out[f] = (static_cast<double>(row[f]) - standardisation_.mean[f]) * standardisation_.inverse_deviation[f];
  }
  return result;
}

RowMatrix StandardisedRows::columns(std::size_t begin, std::size_t count) const {
  RowMatrix result(index(rows()), index(count));
  for (std::size_t r = 0; r < rows(); ++r) {
    const float* row = data_.features.row[r] + begin;
    double* out = result.row(index(r)).data();
    for (std::size_t f = 0; f < count; ++f)
      out[f] = (static_cast<double>(row[f]) - standardisation_.mean[begin + f]) *
               standardisation_.inverse_deviation[begin + f];
  }
  return result;
}

RowMatrix StandardisedRows::targets(std::size_t begin, std::size_t count) const {
  RowMatrix result(index(count), index(values()));
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t v = 0; v < values(); ++v)
      result(index(r), index(v)) = data_.targets[(begin + r) * values() + v] - mean_[v];
  return result;
}

LinearClassifier StandardisedRows::layer(const RowMatrix& weight) const {
  const auto value_count = static_cast<std::int64_t>(values());
  TensorBuffer raw(DType::f32, {value_count, static_cast<std::int64_t>(width())}), bias(DType::f32, {value_count});
  const auto to = raw.as<float>();
  for (std::size_t v = 0; v < values(); ++v) {
    double shift = mean_[v];
    for (std::size_t f = 0; f < width(); ++f) {
      const auto w = static_cast<float>(weight(index(f), index(v)) * standardisation_.inverse_deviation[f]);
      to[v * width() + f] = w;
      // The rounded weight, so that the answers are those of the layer that is handed out.
      shift -= static_cast<double>(w) * standardisation_.mean[f];
    }
    bias.as<float>()[v] = static_cast<float>(shift);
  }
  return {std::move(raw).freeze(), std::move(bias).freeze()};
}

}  // namespace enxerto
