// Training steps of wav2vec 2.0 or HuBERT with its own head of CTC, from a folder of transformers, from a stage on;
// what is before it is computed once ("cached") or in each step ("live"). benchmarks/peers/speech_step.py runs it
// beside transformers.
//
//   benchmark_speech_step FOLDER SAMPLES LABELS BATCH LENGTH THREADS RATE STAGE cached|live
//
// SAMPLES is a file of float32, BATCH recordings of LENGTH samples a step, LABELS one of int64, as many for each
// recording. Prints the seconds that what is before the stage took for all recordings; then, for each line "N" on
// standard input, makes N steps, each with the next recordings, and prints the seconds, those that the processors
// worked, and all losses.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "benchmarks/steps_on_request.h"
#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/graph/cut.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/transfer/graft.h"

namespace enxerto {
namespace {

struct Asked {
  std::string folder, samples, labels;
  std::int64_t batch = 4, length = 80'000;
  int threads = 2;
  double rate = 1e-4;
  std::string stage;
  bool cached = true;
};

template <typename T>
std::vector<T> numbers_in(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::vector<T> numbers(bytes.size() / sizeof(T));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(T));
  return numbers;
}

Graph with_own_head(const Backbone& backbone) {
  const Blueprint head = head_network({.pool = "none", .output = "ctc"}, before_head(backbone.graph),
                                      static_cast<std::int64_t>(backbone.units.size()));
  StateDict weights;
  for (const ParameterSpec& spec : head.parameters) weights.set(spec.name, backbone.graph.parameters.at(spec.name));
  return graft_head(backbone.graph, head, weights);
}

/// Inputs of a step: recordings that all have the same length, rows of `step` samples.
TensorMap step_inputs(std::span<const float> samples, const Asked& asked, std::int64_t step, std::int64_t reach) {
  const std::int64_t rows = (asked.length + step - 1) / step, frames = (asked.length - reach) / step + 1;
  std::vector<float> padded(static_cast<std::size_t>(asked.batch * rows * step));
  std::vector<std::int64_t> mask(static_cast<std::size_t>(asked.batch * rows));
  for (std::int64_t i = 0; i < asked.batch; ++i) {
    std::copy_n(samples.begin() + i * asked.length, asked.length, padded.begin() + i * rows * step);
    std::fill_n(mask.begin() + i * rows, frames, 1);
  }
  const std::vector<std::int64_t> counts(static_cast<std::size_t>(asked.batch), asked.length);
  TensorMap inputs;
  inputs.set("samples", Tensor::of<float>({asked.batch, rows, step}, std::span<const float>(padded)));
  inputs.set("attention_mask", Tensor::of<std::int64_t>({asked.batch, rows}, std::span<const std::int64_t>(mask)));
  inputs.set("sample_count", Tensor::of<std::int64_t>({asked.batch, 1}, std::span<const std::int64_t>(counts)));
  return inputs;
}

TensorMap needed_by(const Graph& graph, const TensorMap& all) {
  TensorMap inputs;
  for (const Value& input : graph.inputs) inputs.set(input.name, all.at(input.name));
  return inputs;
}

ParameterGroup all_of(const Graph& graph) {
  ParameterGroup group;
  for (const auto& [name, tensor] : graph.parameters) group.parameters.push_back(name);
  return group;
}

void serve(const Asked& asked) {
  const Backbone backbone = load_backbone(asked.folder);
  const Json record = backbone.spec.preprocessor->record();
  const Halves halves = cut_at_frontier(with_own_head(backbone), asked.stage);
  const auto prefix = compile(halves.prefix, {.threads = asked.threads});
  TrainerOptions options{.threads = asked.threads};
  options.optimizer.kind = "adamw";
  options.groups.push_back(all_of(halves.suffix));
  const auto trainer = make_trainer(with_loss(halves.suffix, {.kind = "ctc"}), options);
  const auto samples = numbers_in<float>(asked.samples);
  const auto labels = numbers_in<std::int64_t>(asked.labels);
  const auto size = static_cast<std::size_t>(asked.batch * asked.length);
  const std::size_t steps_there = samples.size() / size, of_step = labels.size() / steps_there;
  const auto before = [&](std::size_t number) {
    TensorMap inputs =
        step_inputs(std::span(samples).subspan(number * size, size), asked, record.at("step"), record.at("reach"));
    for (const auto& [name, tensor] : prefix->run(needed_by(halves.prefix, inputs))) inputs.set(name, tensor);
    inputs.set(std::string(kLossLabels),
               Tensor::of<std::int64_t>({asked.batch, static_cast<std::int64_t>(of_step) / asked.batch},
                                        std::span(labels).subspan(number * of_step, of_step)));
    return inputs;
  };
  const auto start = std::chrono::steady_clock::now();
  std::vector<TensorMap> kept;
  for (std::size_t i = 0; i < steps_there; ++i) kept.push_back(before(i));
  fmt::print("{:.4f}\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  std::fflush(stdout);
  std::size_t place = 0;
  steps_on_request([&] {
    const TrainBatch batch{.inputs = asked.cached ? kept[place] : before(place), .examples = asked.batch};
    place = (place + 1) % steps_there;
    return trainer->step({&batch, 1}, asked.rate).loss;
  });
}

int main_of(const std::vector<std::string>& words) {
  if (words.size() != 9) {
    fmt::print(stderr, "see the first lines of benchmarks/speech_step.cpp\n");
    return 2;
  }
  serve({.folder = words[0],
         .samples = words[1],
         .labels = words[2],
         .batch = std::stoll(words[3]),
         .length = std::stoll(words[4]),
         .threads = std::stoi(words[5]),
         .rate = std::stod(words[6]),
         .stage = words[7],
         .cached = words[8] == "cached"});
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
