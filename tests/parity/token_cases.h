#pragma once
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/files/json.h"
#include "enxerto/pretrained/filled_backbone.h"
#include "enxerto/pretrained/hub/token_network.h"
#include "enxerto/weights/read_weights.h"
#include "enxerto/weights/safetensors.h"
#include "tests/pretrained/temporary_directory.h"
#include "tests/zoo/formula.h"

namespace enxerto::testing {

inline std::filesystem::path token_folder() { return std::filesystem::path(ENXERTO_TEST_DATA) / "tokens"; }

/// The language models of transformers that have a golden answer (tools/golden/language_models.py).
inline std::vector<std::string> token_case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(token_folder()))
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// A network as `save_pretrained` leaves it, read as it is of a folder.
struct TokenCase {
  Json golden;
  Graph graph;
};

inline TokenCase token_case(const std::string& name) {
  TokenCase found;
  found.golden = read_json(token_folder() / (name + ".json"), 1 << 20);
  StateDict file;
  for (const auto& [tensor, row] : found.golden.at("tensors").items()) {
    const auto shape = row.get<Shape>();
    file.set(tensor, formula::filled(tensor, shape, formula::range_of(tensor, shape)));
  }
  const TemporaryDirectory directory;
  write_safetensors(directory / "model.safetensors", file);
  const std::string where = (directory / "model.safetensors").string();
  const TokenNetwork network = token_network({found.golden.at("config"), "config.json"}).value();
  PretrainedSpec spec;
  spec.architecture = network.blueprint.graph.name;
  spec.naming = std::string(network.naming);
  found.graph = filled_backbone(spec, network.blueprint, read_weights(where), {.file = where}).graph;
  return found;
}

/// Rows of numbers, each filled up with `padding` to `tokens`.
inline Tensor rows_of(const Json& rows, std::int64_t tokens, std::int64_t padding) {
  const auto count = static_cast<std::int64_t>(rows.size());
  std::vector<std::int64_t> values(static_cast<std::size_t>(count * tokens), padding);
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (std::size_t i = 0; i < rows[row].size(); ++i)
      values[row * static_cast<std::size_t>(tokens) + i] = rows[row][i].get<std::int64_t>();
  return Tensor::of<std::int64_t>({count, tokens}, values);
}

/// The inputs of a case by name, with texts of `tokens` and padding of the word `padding`.
inline TensorMap token_inputs(const TokenCase& one, std::int64_t tokens = 7, std::int64_t padding = 0) {
  TensorMap inputs;
  for (const Value& input : one.graph.inputs)
    inputs.set(input.name, rows_of(one.golden.at(input.name), tokens, input.name == "input_ids" ? padding : 0));
  return inputs;
}

/// States of the tokens that count, one behind the other, of an output (batch, tokens, width).
inline std::vector<float> counted(const Tensor& states, const Json& mask) {
  std::vector<float> values;
  const auto tokens = static_cast<std::size_t>(states.shape().at(1)),
             width = static_cast<std::size_t>(states.shape().at(2));
  for (std::size_t row = 0; row < mask.size(); ++row)
    for (std::size_t i = 0; i < mask[row].size(); ++i) {
      const std::span<const float> state = states.as<float>().subspan((row * tokens + i) * width, width);
      if (mask[row][i] == 1) values.insert(values.end(), state.begin(), state.end());
    }
  return values;
}

/// Largest difference from the golden states, relative to the largest of them.
inline double difference(const Tensor& states, const Json& golden) {
  const std::vector<float> found = counted(states, golden.at("attention_mask"));
  const auto stride = golden.at("stride").get<std::size_t>();
  double largest = (found.size() + stride - 1) / stride == golden.at("states").size() ? 0 : 1e9;
  for (std::size_t i = 0; i < golden.at("states").size() && i * stride < found.size(); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(found[i * stride]) - golden["states"][i].get<double>()));
  return largest / golden.at("scale").get<double>();
}

}  // namespace enxerto::testing
