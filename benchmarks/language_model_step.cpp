// Training steps of a language model from a folder of transformers, its words scored by its own table: of a LoRA beside
// all dense layers, or of the last stages. benchmarks/peers/lora.py and last_blocks.py run it beside PEFT and
// transformers.
//
//   benchmark_language_model_step FOLDER TOKENS BATCH LENGTH THREADS RATE lora ADAPTER | from STAGE
//
// TOKENS is a file of int64, BATCH texts of LENGTH a step. Prints the number of learned parameters when it is ready;
// then, for each line "N" on standard input, makes N steps, each with the next texts, and prints the seconds, those
// that the processors worked, and all losses.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "benchmarks/steps_on_request.h"
#include "enxerto/base/error.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/graph/lora.h"
#include "enxerto/graph/role.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/pretrained/peft_adapter.h"
#include "enxerto/transfer/graft.h"

namespace enxerto {
namespace {

struct Asked {
  std::string folder, tokens;
  std::int64_t batch = 8, length = 256;
  int threads = 2;
  double rate = 1e-3;
  std::string way, what;
};

Graph language_model(const std::string& folder) {
  const Graph body = load_backbone(folder).graph;
  const Blueprint head = language_model_head(body, before_head(body));
  return graft_head(body, head, initial_parameters(head));
}

struct Learner {
  Graph graph;
  ParameterGroup group;
};

Learner with_adapter(const Graph& network, const std::string& folder) {
  const PeftAdapter begun = read_peft(folder, network);
  const auto rank = begun.adapters.begin()->second.shape().at(0);
  Learner learner{.graph = with_lora(network, {.rank = rank, .alpha = begun.scale * static_cast<double>(rank)}),
                  .group = {}};
  for (const auto& [name, tensor] : begun.adapters) {
    learner.graph.parameters.set(name, tensor);
    learner.group.parameters.push_back(name);
  }
  return learner;
}

Learner from_stage(const Graph& network, const std::string& stage) {
  Learner learner{.graph = network, .group = {}};
  bool begun = false;
  for (const Node& node : network.nodes) {
    begun = begun || node.stage == stage;
    if (!begun || node.stage == kHeadStage) continue;
    for (const std::string& name : node.inputs)
      if (network.parameters.contains(name)) learner.group.parameters.push_back(name);
  }
  return learner;
}

std::vector<std::int64_t> numbers_in(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::int64_t> numbers(bytes.size() / sizeof(std::int64_t));
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(numbers.data()));
  return numbers;
}

std::size_t elements(const Learner& learner) {
  std::size_t sum = 0;
  for (const std::string& name : learner.group.parameters) sum += learner.graph.parameters.at(name).size();
  return sum;
}

void serve(const Asked& asked) {
  const Graph network = language_model(asked.folder);
  const Learner learner = asked.way == "lora" ? with_adapter(network, asked.what) : from_stage(network, asked.what);
  TrainerOptions options{.threads = asked.threads};
  options.optimizer.kind = "adamw";
  options.groups.push_back(learner.group);
  const auto trainer = make_trainer(with_loss(learner.graph, {.kind = "next_token"}), options);
  const std::vector<std::int64_t> numbers = numbers_in(asked.tokens);
  const auto size = static_cast<std::size_t>(asked.batch * asked.length);
  const std::vector<std::int64_t> ones(size, 1);
  fmt::print("{}\n", elements(learner));
  std::fflush(stdout);
  std::size_t place = 0;
  steps_on_request([&] {
    const TrainBatch batch{
        .inputs = {{std::string(kTokenIds),
                    Tensor::of<std::int64_t>({asked.batch, asked.length}, std::span(numbers).subspan(place, size))},
                   {std::string(kAttentionMask), Tensor::of<std::int64_t>({asked.batch, asked.length}, ones)}},
        .examples = asked.batch,
        .weight = static_cast<double>(asked.batch * (asked.length - 1))};
    place = (place + size) % (numbers.size() / size * size);
    return trainer->step({&batch, 1}, asked.rate).loss;
  });
}

int main_of(const std::vector<std::string>& words) {
  if (words.size() != 8) {
    fmt::print(stderr, "see the first lines of benchmarks/language_model_step.cpp\n");
    return 2;
  }
  serve({.folder = words[0],
         .tokens = words[1],
         .batch = std::stoll(words[2]),
         .length = std::stoll(words[3]),
         .threads = std::stoi(words[4]),
         .rate = std::stod(words[5]),
         .way = words[6],
         .what = words[7]});
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
