#pragma once
#include <map>
#include <string>
#include <vector>

#include "enxerto/graph/blueprint.h"
#include "enxerto/graph/graph.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/zoo/gpt2.h"
#include "enxerto/zoo/gpt_neox.h"
#include "enxerto/zoo/llama.h"
#include "enxerto/zoo/recurrent_network.h"

namespace enxerto::testing {

inline constexpr TransformerSizes kSmallSizes{
    .vocabulary = 50, .positions = 32, .width = 64, .depth = 2, .heads = 4, .hidden = 96};

/// Each architecture of language models, small.
inline const std::map<std::string, Blueprint>& small_language_models() {
  static const std::map<std::string, Blueprint> all = [] {
    std::map<std::string, Blueprint> made;
    made.emplace("gpt2", gpt2({.sizes = kSmallSizes}));
    GptNeoxConfig neox;
    neox.sizes = kSmallSizes;
    neox.frequencies = {1.0F, 0.1F};
    made.emplace("gpt_neox", gpt_neox(neox));
    LlamaConfig grouped;
    grouped.sizes = kSmallSizes;
    grouped.key_heads = 2;
    grouped.head_width = 16;
    grouped.frequencies = {1.0F, 0.5F, 0.25F, 0.1F, 0.05F, 0.025F, 0.01F, 0.005F};
    made.emplace("llama", llama(grouped));
    grouped.name = "qwen2";
    grouped.query_bias = true;
    grouped.key_heads = 1;
    made.emplace("qwen2", llama(grouped));
    for (const char* op : {"LSTM", "GRU", "RNN"})
      made.emplace(
          op, recurrent_network(
                  {.vocabulary = 50, .embedding = 16, .layers = {{.op = op, .hidden = 20}, {.op = op, .hidden = 16}}}));
    return made;
  }();
  return all;
}

inline std::vector<std::string> language_model_names() {
  std::vector<std::string> names;
  for (const auto& [name, _] : small_language_models()) names.push_back(name);
  return names;
}

/// With random weights, and a head that has the words.
inline Graph language_model_named(const std::string& name) {
  const Blueprint& blueprint = small_language_models().at(name);
  StateDict parameters = initial_parameters(blueprint, {.seed = 3});
  const std::string table = "embeddings.word.weight";
  std::vector<float> louder(parameters.at(table).as<float>().begin(), parameters.at(table).as<float>().end());
  for (float& number : louder) number *= 30;  // so that words differ by as much as those of networks that have learned
  parameters.set(table, Tensor::of<float>(parameters.at(table).shape(), louder));
  const Graph body = blueprint.fill(parameters);
  const Blueprint head = language_model_head(body, before_head(body));
  return graft_head(body, head, initial_parameters(head, {.seed = 4}));
}

}  // namespace enxerto::testing
