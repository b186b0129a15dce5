#include "enxerto/tasks/exported_maps.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/bilinear_resize.h"
#include "enxerto/graph/head_stage.h"

namespace enxerto {

Graph with_class_maps(Graph network, const std::string& scores) {
  const auto output = std::ranges::find(network.outputs, scores, &Value::name);
  const SymbolicShape input = network.inputs.empty() ? SymbolicShape{} : network.inputs.front().shape;
  const bool fits = output != network.outputs.end() && output->shape.size() == 4 && input.size() == 4 &&
                    !input[2].is_symbolic() && !input[3].is_symbolic();
  if (!fits)
    throw weights_error(network.name, "an input " + to_string(input),
                        "(batch, channels, height, width) of a fixed size");
  const Value& given = *output;
  const auto add = [&](std::string op, std::string name, std::vector<std::string> inputs, Attributes attributes) {
    network.nodes.push_back({.name = name,
                             .op = std::move(op),
                             .stage = std::string(kHeadStage),
                             .inputs = std::move(inputs),
                             .outputs = {name},
                             .attributes = std::move(attributes)});
  };
  add("Constant", "logits.size", {}, {{"value", Tensor::of<std::int64_t>({2}, {input[2].size, input[3].size})}});
  add("Resize", "logits", {scores, "", "", "logits.size"}, bilinear_resize());
  add("ArgMax", "classes", {"logits"}, {{"axis", std::int64_t{1}}, {"keepdims", std::int64_t{0}}});
  network.outputs = {{"logits", given.dtype, {given.shape[0], given.shape[1], input[2], input[3]}},
                     {"classes", DType::i64, {given.shape[0], input[2], input[3]}}};
  check(network);
  return network;
}

}  // namespace enxerto
