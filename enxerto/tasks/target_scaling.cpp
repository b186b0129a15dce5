#include "enxerto/tasks/target_scaling.h"

#include <fmt/format.h>

#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

constexpr const char* kWeight = "head.weight";
constexpr const char* kBias = "head.bias";

const Tensor& parameter(const Graph& network, const char* name, std::size_t values) {
  const Tensor* found = network.parameters.find(name);
  if (found != nullptr && found->dtype() == DType::f32 && !found->shape().empty() &&
      found->shape()[0] == static_cast<std::int64_t>(values))
    return *found;
  throw weights_error(fmt::format("the last layer's '{}'", name),
                      found == nullptr ? "it is missing" : "it is " + to_string(found->shape()),
                      fmt::format("float32 with one row per value ({})", values));
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
  const Shape& shape = targets.shape();
  if (shape.size() != 2 || shape[1] != static_cast<std::int64_t>(scaling.size()))
    throw data_error("target scaling", "numbers " + to_string(shape), fmt::format("(n, {})", scaling.size()));
  const auto from = targets.as<float>();
  TensorBuffer buffer(DType::f32, shape);
  const auto to = buffer.as<float>();
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::size_t value = i % scaling.size();
    to[i] = static_cast<float>((static_cast<double>(from[i]) - scaling.mean[value]) / scaling.deviation[value]);
  }
  return std::move(buffer).freeze();
}

Graph answering_in_units(Graph network, const TargetScaling& scaling) {
  const std::size_t values = scaling.size();
  const Tensor weight = parameter(network, kWeight, values), bias = parameter(network, kBias, values);
  const std::size_t width = weight.size() / values;
  TensorBuffer new_weight(DType::f32, weight.shape()), new_bias(DType::f32, bias.shape());
  for (std::size_t i = 0; i < weight.size(); ++i)
    new_weight.as<float>()[i] =
        static_cast<float>(static_cast<double>(weight.as<float>()[i]) * scaling.deviation[i / width]);
  for (std::size_t v = 0; v < values; ++v)
    new_bias.as<float>()[v] =
        static_cast<float>(static_cast<double>(bias.as<float>()[v]) * scaling.deviation[v] + scaling.mean[v]);
  network.parameters.set(kWeight, std::move(new_weight).freeze());
  network.parameters.set(kBias, std::move(new_bias).freeze());
  return network;
}

}  // namespace enxerto
