#include "enxerto/training/memory_estimate.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/training/available_memory.h"
#include "enxerto/training/parameter_groups.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"
#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

StepMemory memory_of(const std::vector<std::string>& stages, TrainerOptions options = {}) {
  const Graph network = small_network();
  options.groups = parameter_groups(network, stages);
  return step_memory(network, options);
}

TEST(StepMemory, CountsWhatAStepHolds) {
  const StepMemory memory = memory_of({"head"});
  EXPECT_EQ(memory.gradients, (4U * 5 + 5) * sizeof(float));
  EXPECT_EQ(memory.moments, 2 * memory.gradients);
  EXPECT_EQ(memory.averages, 0U);
  EXPECT_EQ(memory.per_example, (4 + 5) * sizeof(float) + 2 * 5 * sizeof(float));
}

TEST(StepMemory, GrowsWithWhatLearns) {
  EXPECT_GT(memory_of({"stem", "body", "head"}).per_example, 10 * memory_of({"head"}).per_example);
}

TEST(StepMemory, GrowsWithTheLengthOfTheLongestExample) {
  Graph tokens;
  tokens.name = "tokens";
  tokens.inputs = {{"x", DType::f32, {"batch", "sequence", 4}}};
  tokens.outputs = {{"y", DType::f32, {"batch", "sequence", 2}}};
  tokens.parameters.set("w", Tensor::of<float>({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8}));
  tokens.nodes = {{"product", "MatMul", "head", {"x", "w"}, {"y"}, {}}};
  const TrainerOptions options{.groups = {{.parameters = {"w"}}}};
  const std::uint64_t one = step_memory(tokens, options).per_example;
  EXPECT_EQ(one, (4 + 2 + 2 * 4) * sizeof(float));
  EXPECT_EQ(step_memory(tokens, options, {{"batch", 8}, {"sequence", 512}}).per_example, 512 * one);
}

TEST(StepMemory, HasNoScoresOfAWholeVocabulary) {
  GraphBuilder net("words");
  net.stage("head");
  const std::string states = net.input("states", {"batch", 7, 3});
  const std::string next = net.input("next", {"batch", 7}, DType::i64), counted = net.input("counted", {"batch", 7});
  const std::string turned =
      net.add("Transpose", "turned", {net.parameter("table", {1000, 3})}, {{"perm", std::vector<std::int64_t>{1, 0}}});
  const std::string product = net.add("MatMul", "product", {states, turned});
  const std::string scores = net.add("Add", "scores", {product, net.parameter("bias", {1000})});
  const std::string logarithms = net.add("LogSoftmax", "logarithms", {scores}, {{"axis", std::int64_t{-1}}});
  const std::string column = net.add("Unsqueeze", "column", {next, net.integers({2})});
  const std::string chosen = net.add("GatherElements", "chosen", {logarithms, column}, {{"axis", std::int64_t{2}}});
  const std::string row = net.add("Squeeze", "row", {chosen, net.integers({2})});
  const std::string kept = net.add("Mul", "kept", {row, counted});
  net.output(net.add("ReduceSum", "sum", {kept, net.integers({1})}, {{"keepdims", std::int64_t{1}}}), "out");
  StateDict parameters;
  parameters.set("table", Tensor::of<float>({1000, 3}, std::vector<float>(3000, 0.0F)));
  parameters.set("bias", Tensor::of<float>({1000}, std::vector<float>(1000, 0.0F)));
  const Graph graph = std::move(net).finish().fill(parameters);
  const TrainerOptions options{.groups = {{.parameters = {"bias"}}}};
  EXPECT_LT(step_memory(graph, options).per_example, 7 * 1000 * sizeof(float));
}

TEST(StepMemory, DependsOnOptimizerAverageAndPrecision) {
  OptimizerOptions sgd;
  sgd.kind = "sgd";
  EXPECT_EQ(memory_of({"head"}, {.optimizer = sgd}).moments, 0U);
  EXPECT_GT(memory_of({"head"}, {.ema_decay = 0.9}).averages, 0U);
  EXPECT_LT(memory_of({"head"}, {.precision = Precision::bf16}).per_example, memory_of({"head"}).per_example);
}

TEST(PiecesThatFit, SplitABatchUntilItFits) {
  const StepMemory memory{.parameters = 1000, .per_example = 100};
  EXPECT_EQ(accumulation_that_fits(memory, {.batch_size = 32, .available = 100000}), 1);
  EXPECT_EQ(accumulation_that_fits(memory, {.batch_size = 32, .available = 2890}), 2);
  EXPECT_EQ(accumulation_that_fits(memory, {.batch_size = 32, .available = 1230}), 32);
  EXPECT_EQ(accumulation_that_fits(memory, {.batch_size = 32, .accumulation_steps = 4, .available = 100000}), 4);
}

TEST(PiecesThatFit, SayWhereNotEvenOneExampleFits) {
  expect_says(
      thrown_by([] { (void)accumulation_that_fits({.parameters = 5000}, {.available = 1000, .where = "phase 2"}); }),
      ErrorKind::memory, "phase 2");
}

TEST(PiecesThatFit, DoNotMakeAnotherNetworkOfTrainedBatchNorm) {
  const Error error = thrown_by([] {
    (void)accumulation_that_fits({.parameters = 1000, .per_example = 100},
                                 {.batch_size = 32, .available = 2890, .norms = NormPolicy::train});
  });
  expect_says(error, ErrorKind::memory, "a different network");
  EXPECT_EQ(error.exit_code(), 8);
}

TEST(PiecesThatFit, DoNotSplitABatchWhoseExamplesAreCompared) {
  const StepMemory memory{.parameters = 1000, .per_example = 100};
  FitOptions options{.batch_size = 32, .available = 2890, .compares_examples = true};
  expect_says(thrown_by([&] { (void)accumulation_that_fits(memory, options); }), ErrorKind::memory,
              "the loss compares the examples of a batch");
  options.available = 100000;
  EXPECT_EQ(accumulation_that_fits(memory, options), 1);
}

TEST(PiecesThatFit, SurviveNumbersAtTheirEnd) {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const StepMemory memory{.parameters = most, .gradients = most, .per_example = most};
  EXPECT_EQ(memory.total(1000), most);
  EXPECT_EQ(accumulation_that_fits({}, {.available = most}), 1);
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

TEST(AvailableMemory, IsTheSystemsWithoutALimit) {
  const Scratch scratch;
  write(scratch / "proc/meminfo", "MemTotal: 900 kB\nMemAvailable:    500 kB\n");
  EXPECT_EQ(available_memory({.proc = scratch / "proc", .cgroup = scratch / "cg"}), 500U * 1024);
}

TEST(AvailableMemory, IsWhatAGroupOfVersion2HasLeft) {
  const Scratch scratch;
  write(scratch / "proc/meminfo", "MemAvailable: 500 kB\n");
  write(scratch / "proc/self/cgroup", "0::/a/b\n");
  write(scratch / "cg/a/memory.max", "100000\n");
  write(scratch / "cg/a/memory.current", "60000\n");
  write(scratch / "cg/a/memory.stat", "anon 1\ninactive_file 20000\nactive_file 5000\n");
  write(scratch / "cg/a/b/memory.max", "max\n");
  write(scratch / "cg/a/b/memory.current", "60000\n");
  EXPECT_EQ(available_memory({.proc = scratch / "proc", .cgroup = scratch / "cg"}), 65000U);
}

TEST(AvailableMemory, IsWhatAGroupOfVersion1HasLeft) {
  const Scratch scratch;
  write(scratch / "proc/meminfo", "MemAvailable: 500 kB\n");
  write(scratch / "proc/self/cgroup", "3:cpu:/\n4:memory:/job\n");
  write(scratch / "cg/memory/memory.limit_in_bytes", "9223372036854771712\n");
  write(scratch / "cg/memory/memory.usage_in_bytes", "5\n");
  write(scratch / "cg/memory/job/memory.limit_in_bytes", "3000\n");
  write(scratch / "cg/memory/job/memory.usage_in_bytes", "1000\n");
  EXPECT_EQ(available_memory({.proc = scratch / "proc", .cgroup = scratch / "cg"}), 2000U);
}

TEST(AvailableMemory, IsSomethingHere) { EXPECT_GT(available_memory(), 1U << 20); }

}  // namespace
}  // namespace enxerto
