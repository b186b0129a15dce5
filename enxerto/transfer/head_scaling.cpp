#include "enxerto/transfer/head_scaling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/head_stage.h"

namespace enxerto {
namespace {

constexpr const char *kWeight = "head.weight", *kBias = "head.bias";
constexpr double kLeastUsual = 1.0 / 16, kMostUsual = 4, kMostApart = 50, kFarMean = 10;

/// What a linear head is written with.
constexpr std::array<std::string_view, 9> kLinear{"Transpose", "MatMul",  "Gemm",     "Add",     "Dropout",
                                                  "Softmax",   "Sigmoid", "Constant", "Identity"};

bool is_linear_head(const Graph& suffix, std::size_t width) {
  if (suffix.inputs.size() != 1 || suffix.inputs[0].shape.size() != 2 || suffix.inputs[0].dtype != DType::f32)
    return false;
  const Tensor* const weight = suffix.parameters.find(kWeight);
  const Tensor* const bias = suffix.parameters.find(kBias);
  if (weight == nullptr || bias == nullptr || weight->shape().size() != 2 || bias->shape().size() != 1) return false;
  if (weight->dtype() != DType::f32 || bias->dtype() != DType::f32) return false;
  if (to_size(weight->shape()[1]) != width || weight->shape()[0] != bias->shape()[0]) return false;
  const auto is_product = [](const Node& node) { return node.op == "MatMul" || node.op == "Gemm"; };
  return std::ranges::count_if(suffix.nodes, is_product) == 1 &&
         std::ranges::all_of(suffix.nodes,
                             [](const Node& node) { return std::ranges::find(kLinear, node.op) != kLinear.end(); });
}

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Of features that vary at all: the median deviation; none where all are of a usual size.
std::optional<double> unusual_deviation(const Standardisation& found) {
  std::vector<double> deviations, distances;
  for (std::size_t f = 0; f < found.mean.size(); ++f) {
    if (found.inverse_deviation[f] <= 0) continue;
    deviations.push_back(1 / found.inverse_deviation[f]);
    distances.push_back(std::abs(found.mean[f]) * found.inverse_deviation[f]);
  }
  if (deviations.empty()) return std::nullopt;
  const double median = median_of(deviations);
  const bool usual = median >= kLeastUsual && median <= kMostUsual &&
                     *std::ranges::max_element(deviations) <= kMostApart * median && median_of(distances) <= kFarMean;
  return usual ? std::nullopt : std::optional(median);
}

Tensor as_row(const std::vector<double>& values) {
  const std::vector<float> numbers(values.begin(), values.end());
  return Tensor::of<float>({std::ssize(numbers)}, std::span<const float>(numbers));
}

/// Each weight times `scale` of its feature; `shift` gets what the mean adds to each unit.
Tensor scaled_weights(const Tensor& weight, const std::vector<double>& scale, const std::vector<double>& mean,
                      std::vector<double>& shift) {
  const std::size_t units = to_size(weight.shape()[0]), width = scale.size();
  TensorBuffer buffer(DType::f32, weight.shape());
  const auto from = weight.as<float>();
  const auto to = buffer.as<float>();
  shift.assign(units, 0);
  for (std::size_t unit = 0; unit < units; ++unit)
    for (std::size_t f = 0; f < width; ++f) {
      const double value = static_cast<double>(from[unit * width + f]) * scale[f];
      to[unit * width + f] = static_cast<float>(value);
      shift[unit] += value * mean[f];
    }
  return std::move(buffer).freeze();
}

Tensor plus(const Tensor& bias, const std::vector<double>& shift, double times) {
  TensorBuffer buffer(DType::f32, bias.shape());
  for (std::size_t unit = 0; unit < shift.size(); ++unit)
    buffer.as<float>()[unit] = static_cast<float>(static_cast<double>(bias.as<float>()[unit]) + times * shift[unit]);
  return std::move(buffer).freeze();
}

}  // namespace

std::optional<HeadScaling> HeadScaling::of(const Graph& suffix, std::span<const Rows> views, int threads) {
  if (views.empty() || views.front().size() < 2 || !is_linear_head(suffix, views.front().width)) return std::nullopt;
  Rows all{.width = views.front().width, .row = {}};
  for (const Rows& view : views) all.row.insert(all.row.end(), view.row.begin(), view.row.end());
  Standardisation found = measure_standardisation(all, threads);
  const std::optional<double> median = unusual_deviation(found);
  return median ? std::optional(HeadScaling(std::move(found), *median)) : std::nullopt;
}

Graph HeadScaling::scaled(Graph suffix, bool is_new) const {
  const std::string plain = suffix.inputs[0].name, stage(kHeadStage);
  const std::string mean = "head.scaling.mean", inverse = "head.scaling.inverse", centred = "head.scaling.centred",
                    standard = "head.scaling.standard";
  for (Node& node : suffix.nodes) std::ranges::replace(node.inputs, plain, standard);
  const std::vector<Node> before{
      {mean, "Constant", stage, {}, {mean}, {{"value", as_row(standardisation_.mean)}}},
      {inverse, "Constant", stage, {}, {inverse}, {{"value", as_row(standardisation_.inverse_deviation)}}},
      {centred, "Sub", stage, {plain, mean}, {centred}, {}},
      {standard, "Mul", stage, {centred, inverse}, {standard}, {}}};
  suffix.nodes.insert(suffix.nodes.begin(), before.begin(), before.end());
  if (!is_new) {
    const StateDict weights = unfolded(suffix.parameters);
    suffix.parameters.set(kWeight, weights.at(kWeight));
    suffix.parameters.set(kBias, weights.at(kBias));
  }
  return suffix;
}

StateDict HeadScaling::folded(StateDict weights) const {
  if (!weights.contains(kWeight) || !weights.contains(kBias)) return weights;
  std::vector<double> shift;
  const Tensor weight =
      scaled_weights(weights.at(kWeight), standardisation_.inverse_deviation, standardisation_.mean, shift);
  const Tensor bias = plus(weights.at(kBias), shift, -1);
  weights.set(kWeight, weight);
  weights.set(kBias, bias);
  return weights;
}

/// W' = W * deviation and b' = b + W mean. What does not vary is the mean, and is part of b' alone.
StateDict HeadScaling::unfolded(StateDict weights) const {
  std::vector<double> deviation, unit_scale(standardisation_.mean.size(), 1), shift, unused;
  for (const double inverse : standardisation_.inverse_deviation) deviation.push_back(inverse > 0 ? 1 / inverse : 0);
  (void)scaled_weights(weights.at(kWeight), unit_scale, standardisation_.mean, shift);
  const Tensor bias = plus(weights.at(kBias), shift, 1);
  weights.set(kWeight, scaled_weights(weights.at(kWeight), deviation, standardisation_.mean, unused));
  weights.set(kBias, bias);
  return weights;
}

std::string HeadScaling::words() const {
  return fmt::format(
      "its features vary by {:.3g} (the median of their deviations): they are standardised while the head is trained, "
      "and its weights then made those of the features as they are",
      median_);
}

}  // namespace enxerto
