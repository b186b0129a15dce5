#include "enxerto/training/memory_estimate.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/engine/bind.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/word_scores.h"

namespace enxerto {
namespace {

constexpr std::uint64_t kMostBytes = std::numeric_limits<std::uint64_t>::max();

std::uint64_t plus(std::uint64_t a, std::uint64_t b) { return a > kMostBytes - b ? kMostBytes : a + b; }
std::uint64_t times(std::uint64_t a, std::uint64_t b) { return b != 0 && a > kMostBytes / b ? kMostBytes : a * b; }

/// Symbols that have no size given count 1.
SymbolSizes sizes_of_one(const Graph& graph, SymbolSizes sizes) {
  sizes["batch"] = 1;
  for (const Value& input : graph.inputs)
    for (const Dim& dim : input.shape)
      if (dim.is_symbolic()) sizes.emplace(dim.symbol, 1);
  return sizes;
}

/// Of one example: "batch*49" is 49.
std::uint64_t bytes_of(const ValueType& type, const SymbolSizes& sizes) {
  std::uint64_t bytes = size_of(type.dtype);
  for (const Dim& dim : type.shape)
    bytes = times(bytes, static_cast<std::uint64_t>(std::max<std::int64_t>(size_at(dim, sizes).value_or(1), 0)));
  return bytes;
}

bool is_view(std::string_view op) {
  constexpr std::array<std::string_view, 6> kViews{"Reshape", "Flatten",   "Identity",
                                                   "Squeeze", "Unsqueeze", "Transpose"};
  return std::ranges::find(kViews, op) != kViews.end();
}

std::uint64_t moments_of(const OptimizerOptions& optimizer) {
  const OptimizerRow* row = find_optimizer(optimizer.kind);
  return row == nullptr ? 0 : static_cast<std::uint64_t>(row->moments(optimizer).count());
}

struct Activations {
  std::uint64_t kept = 0, largest = 0;
};

/// What a step holds for one example: outputs behind a parameter that learns, and what enters the first of those nodes.
/// Scores of a vocabulary are made of some tokens at a time.
Activations activations(const Graph& graph, const std::unordered_set<std::string>& learning, const SymbolSizes& sizes) {
  const ValueTypes types = infer_shapes(graph);
  std::unordered_set<std::string> behind, counted;
  for (const WordScores& scores : word_scores(graph)) counted.insert(scores.between.begin(), scores.between.end());
  Activations sum;
  const auto keep = [&](const std::string& name) {
    const auto type = types.find(name);
    if (type == types.end() || graph.parameters.contains(name) || !counted.insert(name).second) return;
    const std::uint64_t bytes = bytes_of(type->second, sizes);
    sum.kept = plus(sum.kept, bytes);
    sum.largest = std::max(sum.largest, bytes);
  };
  for (const Node& node : graph.nodes) {
    const auto learns = [&](const std::string& name) { return learning.contains(name) || behind.contains(name); };
    if (!std::ranges::any_of(node.inputs, learns)) continue;
    behind.insert(node.outputs.begin(), node.outputs.end());
    if (is_view(node.op)) {
      counted.insert(node.outputs.begin(), node.outputs.end());
      continue;
    }
    for (const std::string& name : node.inputs) keep(name);
    for (const std::string& name : node.outputs) keep(name);
  }
  return sum;
}

[[noreturn]] void throw_too_large(const StepMemory& memory, const FitOptions& options, std::int64_t examples,
                                  std::string why) {
  throw Error(ErrorKind::memory,
              {.where = options.where,
               .found = fmt::format("a step of {} examples needs about {}, and {} are available{}", examples,
                                    format_bytes(memory.total(examples)), format_bytes(options.available), why),
               .expected = "a step that fits",
               .tip = "a smaller batch_size, smaller inputs, precision bf16, a later train_from, or batch_norm = "
                      "\"frozen\""});
}

}  // namespace

std::uint64_t StepMemory::total(std::int64_t examples) const {
  const std::uint64_t fixed = plus(plus(parameters, gradients), plus(moments, averages));
  return plus(fixed, times(per_example, static_cast<std::uint64_t>(std::max<std::int64_t>(examples, 0))));
}

StepMemory step_memory(const Graph& trained, const TrainerOptions& options, const SymbolSizes& sizes) {
  StepMemory memory;
  std::unordered_set<std::string> learning;
  for (const auto& [_, tensor] : trained.parameters) memory.parameters = plus(memory.parameters, tensor.byte_size());
  for (const ParameterGroup& group : options.groups) {
    for (const std::string& name : group.parameters) {
      learning.insert(name);
      memory.gradients = plus(memory.gradients, trained.parameters.at(name).byte_size());
    }
  }
  memory.moments = times(memory.gradients, moments_of(options.optimizer));
  memory.averages = options.ema_decay > 0 ? memory.gradients : 0;
  const Activations values = activations(trained, learning, sizes_of_one(trained, sizes));
  memory.per_example = plus(values.kept, times(values.largest, 2));
  if (options.precision == Precision::bf16) {
    memory.per_example /= 2;
    memory.parameters = plus(memory.parameters, memory.parameters / 2);  // autocast has a copy in half precision
  }
  return memory;
}

SymbolSizes longest_sizes(const Graph& trained, BatchSource& source) {
  if (source.size() == 0 || only_symbol(trained) == "batch") return {};
  const std::vector<std::size_t> lengths = lengths_of(source);
  const auto longest = static_cast<std::size_t>(std::ranges::max_element(lengths) - lengths.begin());
  const std::size_t example = lengths.empty() ? 0 : longest;
  return symbol_sizes(trained, in_order(trained, source.get({&example, 1}, 0).inputs));
}

std::int64_t accumulation_that_fits(const StepMemory& memory, const FitOptions& options) {
  const std::uint64_t usable = options.available / 10 * 9;
  const auto largest = [&](std::int64_t steps) { return (options.batch_size + steps - 1) / steps; };
  if (memory.total(largest(options.accumulation_steps)) <= usable) return options.accumulation_steps;
  if (options.norms == NormPolicy::train)
    throw_too_large(memory, options, largest(options.accumulation_steps),
                    "; batch normalisation depends on the batch here, so splitting it would train a different network");
  if (options.compares_examples)
    throw_too_large(memory, options, largest(options.accumulation_steps),
                    "; the loss compares the examples of a batch, so splitting it would train a different network");
  const std::uint64_t fixed = memory.total(0);
  const std::uint64_t examples = fixed > usable ? 0 : (usable - fixed) / std::max<std::uint64_t>(memory.per_example, 1);
  if (examples == 0) throw_too_large(memory, options, 1, "");
  const auto batch = static_cast<std::uint64_t>(options.batch_size);
  return std::max(options.accumulation_steps, static_cast<std::int64_t>((batch + examples - 1) / examples));
}

}  // namespace enxerto
