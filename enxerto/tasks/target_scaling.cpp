#include "enxerto/tasks/target_scaling.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>

#include "enxerto/base/error.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

constexpr const char* kWeight = "head.weight";
constexpr const char* kBias = "head.bias";

/// `change(value, number of its column)` for each number of (n, values).
Tensor changed(const Tensor& numbers, const TargetScaling& scaling,
               const std::function<double(double, std::size_t)>& change) {
  const Shape& shape = numbers.shape();
  if (shape.size() != 2 || shape[1] != static_cast<std::int64_t>(scaling.size()))
    throw data_error("target scaling", "numbers " + to_string(shape), fmt::format("(n, {})", scaling.size()));
  const auto from = numbers.as<float>();
  TensorBuffer buffer(DType::f32, shape);
  const auto to = buffer.as<float>();
  for (std::size_t i = 0; i < from.size(); ++i)
    to[i] = static_cast<float>(change(static_cast<double>(from[i]), i % scaling.size()));
  return std::move(buffer).freeze();
}

const Tensor& parameter(const Graph& network, const char* name, std::size_t values) {
  const Tensor* found = network.parameters.find(name);
  if (found != nullptr && found->dtype() == DType::f32 && !found->shape().empty() &&
      found->shape()[0] == static_cast<std::int64_t>(values))
    return *found;
  throw weights_error(fmt::format("the last layer's '{}'", name),
                      found == nullptr ? "it is missing" : "it is " + to_string(found->shape()),
                      fmt::format("float32 with one row per value ({})", values));
}

/// Row `r` of the last layer times `factor(r)`, its bias b becoming `shift(b, r)`.
Graph with_last_layer(Graph network, std::size_t values, const std::function<double(std::size_t)>& factor,
                      const std::function<double(double, std::size_t)>& shift) {
  const Tensor weight = parameter(network, kWeight, values), bias = parameter(network, kBias, values);
  const std::size_t width = weight.size() / values;
  TensorBuffer new_weight(DType::f32, weight.shape()), new_bias(DType::f32, bias.shape());
  for (std::size_t i = 0; i < weight.size(); ++i)
    new_weight.as<float>()[i] = static_cast<float>(static_cast<double>(weight.as<float>()[i]) * factor(i / width));
  for (std::size_t i = 0; i < values; ++i)
    new_bias.as<float>()[i] = static_cast<float>(shift(static_cast<double>(bias.as<float>()[i]), i));
  network.parameters.set(kWeight, std::move(new_weight).freeze());
  network.parameters.set(kBias, std::move(new_bias).freeze());
  return network;
}

}  // namespace

TargetScaling target_scaling(const Dataset& dataset, std::span<const std::size_t> positions) {
  if (dataset.info().target.kind != kRegressionTarget)
    throw data_error("target scaling", fmt::format("data of {}", dataset.info().target.kind), "data of values");
  if (positions.empty()) throw data_error("target scaling", "no pictures", "at least one");
  const std::size_t values = dataset.info().target.names.size();
  const auto count = static_cast<double>(positions.size());
  TargetScaling scaling{std::vector<double>(values), std::vector<double>(values)};
  for (const std::size_t position : positions) {
    const Tensor target = dataset.target(position);
    const auto targets = target.as<float>();
    for (std::size_t v = 0; v < values; ++v) scaling.mean[v] += static_cast<double>(targets[v]) / count;
  }
  for (const std::size_t position : positions) {
    const Tensor target = dataset.target(position);
    const auto targets = target.as<float>();
    for (std::size_t v = 0; v < values; ++v) {
      const double apart = static_cast<double>(targets[v]) - scaling.mean[v];
      scaling.deviation[v] += apart * apart / count;
    }
  }
  for (std::size_t v = 0; v < values; ++v) {
    // Equal targets leave a rounding error of their mean at most, which is no deviation to divide by.
    const double deviation = std::sqrt(scaling.deviation[v]);
    scaling.deviation[v] = deviation > 1e-12 * std::abs(scaling.mean[v]) ? deviation : 1;
  }
  return scaling;
}

Tensor standardised(const Tensor& targets, const TargetScaling& scaling) {
  return changed(targets, scaling,
                 [&](double value, std::size_t v) { return (value - scaling.mean[v]) / scaling.deviation[v]; });
}

Tensor in_units(const Tensor& answers, const TargetScaling& scaling) {
  return changed(answers, scaling,
                 [&](double value, std::size_t v) { return value * scaling.deviation[v] + scaling.mean[v]; });
}

Graph answering_in_units(Graph network, const TargetScaling& scaling) {
  return with_last_layer(
      std::move(network), scaling.size(), [&](std::size_t v) { return scaling.deviation[v]; },
      [&](double bias, std::size_t v) { return bias * scaling.deviation[v] + scaling.mean[v]; });
}

Graph answering_standardised(Graph network, const TargetScaling& scaling) {
  return with_last_layer(
      std::move(network), scaling.size(), [&](std::size_t v) { return 1 / scaling.deviation[v]; },
      [&](double bias, std::size_t v) { return (bias - scaling.mean[v]) / scaling.deviation[v]; });
}

}  // namespace enxerto
