// Training steps of a language model: word vectors, LSTM layers, tied words; sgd, no dropout.
// benchmarks/peers/lstm_step.py runs it beside PyTorch.
//
//   benchmark_lstm_step WORDS WIDTH LAYERS BATCH TOKENS THREADS
//
// Prints the number of parameters when it is warm; then, for each line "N" on standard input, runs N steps and prints
// tokens a second and the last loss.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/graph/role.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/zoo/recurrent_network.h"

namespace enxerto {
namespace {

struct LstmPlan {
  std::int64_t words, width, layers, batch, tokens;
  int threads;
};

Graph language_model(const LstmPlan& plan) {
  RecurrentConfig config{.vocabulary = plan.words, .embedding = plan.width};
  config.layers.assign(static_cast<std::size_t>(plan.layers), {.hidden = plan.width});
  const Blueprint blueprint = recurrent_network(config);
  const Graph body = blueprint.fill(initial_parameters(blueprint));
  const Blueprint head = language_model_head(body, before_head(body));
  return with_loss(graft_head(body, head, initial_parameters(head)), {.kind = "next_token"});
}

ParameterGroup all_of(const Graph& graph) {
  ParameterGroup group;
  for (const auto& [name, role] : roles(graph))
    if (is_trainable(role)) group.parameters.push_back(name);
  return group;
}

TrainBatch texts_of(const LstmPlan& plan) {
  std::vector<std::int64_t> ids, ones(static_cast<std::size_t>(plan.batch * plan.tokens), 1);
  for (std::int64_t i = 0; i < plan.batch * plan.tokens; ++i) ids.push_back(i * 7919 % plan.words);
  return {.inputs = {{"input_ids", Tensor::of<std::int64_t>({plan.batch, plan.tokens}, ids)},
                     {"attention_mask", Tensor::of<std::int64_t>({plan.batch, plan.tokens}, ones)}},
          .examples = plan.batch};
}

void serve(const LstmPlan& plan) {
  const Graph graph = language_model(plan);
  const ParameterGroup group = all_of(graph);
  TrainerOptions options;
  options.threads = plan.threads;
  options.optimizer.kind = "sgd";
  options.groups = {group};
  const auto trainer = make_trainer(graph, options);
  const TrainBatch batch = texts_of(plan);
  const auto step = [&] { return trainer->step({&batch, 1}, 0.1).loss; };
  step();
  step();
  std::size_t parameters = 0;
  for (const std::string& name : group.parameters) parameters += graph.parameters.at(name).size();
  fmt::print("{}\n", parameters);
  std::fflush(stdout);
  for (int steps = 0; std::cin >> steps;) {
    const auto start = std::chrono::steady_clock::now();
    double loss = 0;
    for (int i = 0; i < steps; ++i) loss = step();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    fmt::print("{:.1f} {:.4f}\n", static_cast<double>(steps * plan.batch * plan.tokens) / seconds.count(), loss);
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace enxerto

int main(int count, char** words) {
  if (count != 7) {
    fmt::print(stderr, "see the first lines of benchmarks/lstm_step.cpp\n");
    return 2;
  }
  try {
    enxerto::serve({.words = std::stoi(words[1]),
                    .width = std::stoi(words[2]),
                    .layers = std::stoi(words[3]),
                    .batch = std::stoi(words[4]),
                    .tokens = std::stoi(words[5]),
                    .threads = std::stoi(words[6])});
  } catch (const enxerto::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return error.exit_code();
  }
}
