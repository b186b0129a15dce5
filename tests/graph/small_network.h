#pragma once
#include <cstdint>
#include <numeric>

#include "enxerto/graph/builder.h"

namespace enxerto {

/// Four stages, a residual, a constant that two stages share by content: the zoo in small. (batch, 3, 8, 8) -> (batch,
/// 5).
inline Blueprint small_blueprint() {
  GraphBuilder net("small");
  std::string x = net.input("input", {"batch", 3, 8, 8});
  net.stage("stem");
  x = net.relu6(
      net.batch_norm(net.conv(x, {.name = "conv1", .out = 4, .kernel = 3, .padding = Padding::same}), "bn1", 1e-3F),
      "act1");
  net.stage("body");
  const std::string y = net.batch_norm(net.conv(x, {.name = "conv2", .out = 4}), "bn2", 1e-3F);
  x = net.relu6(net.add("Add", "sum", {x, y}), "act2");
  net.stage("head");
  x = net.linear(net.global_average_pool(x, "pool"), "fc", 5);
  net.output(x, "logits");
  return std::move(net).finish();
}

/// 0.5, 0.75, 1 .. in every parameter: positive, so that variances are possible.
inline StateDict ramp_weights(const Blueprint& blueprint) {
  StateDict dict;
  for (const ParameterSpec& spec : blueprint.parameters) {
    std::vector<float> values(element_count(spec.shape));
    float next = 0.25F;
    for (float& value : values) value = next += 0.25F;
    dict.set(spec.name, Tensor::of<float>(spec.shape, values));
  }
  return dict;
}

inline Graph small_network() {
  const Blueprint blueprint = small_blueprint();
  return blueprint.fill(ramp_weights(blueprint));
}

}  // namespace enxerto
