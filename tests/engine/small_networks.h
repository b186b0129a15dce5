#pragma once
#include <cstdint>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/graph/builder.h"

namespace enxerto::testing {

/// Numbers between -1 and 1 that look random, the same everywhere.
inline std::vector<float> numbers(std::size_t count, std::uint32_t seed) {
  std::vector<float> values(count);
  std::uint32_t state = seed * 2654435761U + 1;
  for (float& value : values) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<float>(state >> 8) / 8388608.0F - 1.0F;
  }
  return values;
}

inline Tensor tensor_of(Shape shape, std::uint32_t seed) {
  const std::size_t count = element_count(shape);
  const std::vector<float> values = numbers(count, seed);
  return Tensor::of<float>(std::move(shape), values);
}

/// The blueprint with such numbers; variances are made positive.
inline Graph filled(const Blueprint& blueprint) {
  StateDict weights;
  std::uint32_t seed = 100;
  for (const ParameterSpec& spec : blueprint.parameters) {
    std::vector<float> values = numbers(element_count(spec.shape), seed++);
    if (spec.role == Role::running_variance)
      for (float& value : values) value = value * value + 0.5F;
    weights.set(spec.name, Tensor::of<float>(spec.shape, values));
  }
  return blueprint.fill(weights);
}

/// (batch, 3, 8, 8) -> convolution, batch normalisation, ReLU, average -> dense layer -> (batch, 5).
inline Graph small_classifier() {
  GraphBuilder builder("small");
  std::string x = builder.input("input", {"batch", 3, 8, 8});
  builder.stage("stem");
  x = builder.conv(x, {.name = "conv", .out = 4, .kernel = 3, .padding = Padding::centered});
  x = builder.batch_norm(x, "bn", 1e-3F);
  x = builder.relu(x, "act");
  builder.stage("head");
  x = builder.global_average_pool(x, "pool");
  x = builder.linear(x, "fc", 5);
  builder.output(x, "logits");
  return filled(std::move(builder).finish());
}

}  // namespace enxerto::testing
