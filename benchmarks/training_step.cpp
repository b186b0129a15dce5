// Training steps with everything trainable, sgd with momentum, batch normalisation in training.
// benchmarks/peers/training_step.py runs it beside PyTorch and Keras.
//
//   benchmark_training_step NETWORK SIZE CLASSES BATCH fp32|bf16 THREADS
//
// Prints the number of parameters when it is warm; then, for each line "N" on standard input, runs N steps and prints
// pictures a second, pictures a second of processor time and the last loss.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/graph/cut.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/zoo/registry.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

struct Plan {
  std::string network;
  std::int64_t size = 224, classes = 10, batch = 16;
  Precision precision = Precision::fp32;
  int threads = 2;
};

/// The network with a pooled linear head and cross-entropy, its weights random and of the right scale.
Graph network_of(const Plan& plan) {
  const Blueprint body = find_architecture(plan.network).build({.size = plan.size, .classes = plan.classes});
  const Graph filled = body.fill(formula::weights(body));
  const Blueprint head = head_network({}, cut(filled, "head").prefix.outputs.front(), plan.classes);
  Graph whole = with_head(filled, "head", head.fill(formula::weights(head)));
  return with_loss(whole, {.kind = "sparse_categorical_cross_entropy"});
}

ParameterGroup everything(const Graph& graph) {
  ParameterGroup group;
  for (const auto& [name, role] : roles(graph))
    if (is_trainable(role)) group.parameters.push_back(name);
  return group;
}

std::size_t elements(const Graph& graph, const ParameterGroup& group) {
  std::size_t sum = 0;
  for (const std::string& name : group.parameters) sum += graph.parameters.at(name).size();
  return sum;
}

TrainBatch batch_of(const Plan& plan) {
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < plan.batch; ++i) labels.push_back(i % plan.classes);
  return {.inputs = {{"input", formula::input(plan.batch, plan.size)},
                     {std::string(kLossTarget), Tensor::of<std::int64_t>({plan.batch}, labels)}},
          .examples = plan.batch};
}

void serve(const Plan& plan) {
  const Graph graph = network_of(plan);
  const ParameterGroup group = everything(graph);
  TrainerOptions options{.threads = plan.threads, .precision = plan.precision, .norms = NormPolicy::train};
  options.optimizer = {.kind = "sgd", .momentum = 0.9};
  options.groups.push_back(group);
  const auto trainer = make_trainer(graph, options);
  const TrainBatch batch = batch_of(plan);
  const auto step = [&] { return trainer->step({&batch, 1}, 1e-4).loss; };
  step();
  step();
  fmt::print("{}\n", elements(graph, group));
  std::fflush(stdout);
  for (int steps = 0; std::cin >> steps;) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t processor_start = std::clock();
    double loss = 0;
    for (int i = 0; i < steps; ++i) loss = step();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const double processor_seconds = static_cast<double>(std::clock() - processor_start) / CLOCKS_PER_SEC;
    const auto pictures = static_cast<double>(steps * plan.batch);
    fmt::print("{:.3f} {:.3f} {:.4f}\n", pictures / seconds.count(), pictures / processor_seconds, loss);
    std::fflush(stdout);
  }
}

int main_of(const std::vector<std::string>& words) {
  if (words.size() != 6) {
    fmt::print(stderr, "see the first lines of benchmarks/training_step.cpp\n");
    return 2;
  }
  serve({.network = words[0],
         .size = std::stoi(words[1]),
         .classes = std::stoi(words[2]),
         .batch = std::stoi(words[3]),
         .precision = words[4] == "bf16" ? Precision::bf16 : Precision::fp32,
         .threads = std::stoi(words[5])});
  return 0;
}

}  // namespace
}  // namespace enxerto

int main(int count, char** words) {
  try {
    return enxerto::main_of({words + 1, words + count});
  } catch (const enxerto::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return error.exit_code();
  }
}
