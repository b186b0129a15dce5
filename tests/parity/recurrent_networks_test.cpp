// Files of PyTorch's and Keras's recurrent networks against what these answer (tools/golden/recurrent_networks.py).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "enxerto/engine/executor.h"
#include "enxerto/graph/cut.h"
#include "enxerto/pretrained/recurrent/recurrent_weights.h"
#include "tests/parity/token_cases.h"

namespace enxerto {
namespace {

using testing::counted;
using testing::difference;
using testing::token_inputs;
using testing::TokenCase;

TokenCase recurrent_case(const std::string& name) {
  TokenCase found;
  found.golden = read_json(std::string(ENXERTO_TEST_DATA "/recurrent_networks/") + name + ".json", 1 << 20);
  WeightFile file;
  for (const auto& [tensor, row] : found.golden.at("tensors").items()) {
    const auto shape = row.get<Shape>();
    file.tensors.set(tensor, formula::filled(tensor, shape, formula::range_of(tensor, shape)));
  }
  const RecurrentWeights weights = recurrent_weights(file, name).value();
  found.graph = recurrent_network(weights.config).fill(weights.parameters, name);
  return found;
}

std::shared_ptr<Executor> for_two(const Graph& graph) { return compile(graph, {.threads = 1, .batch = 2}); }

double largest_step(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, static_cast<double>(std::abs(a[i] - b[i])));
  return largest;
}

class RecurrentFile : public ::testing::TestWithParam<const char*> {};

TEST_P(RecurrentFile, GivesTheStatesOfItsOwnNetwork) {
  const TokenCase one = recurrent_case(GetParam());
  const double found = difference(for_two(one.graph)->run(token_inputs(one)).at("states"), one.golden);
  RecordProperty("difference", fmt::format("{:.2e}", found));
  EXPECT_LE(found, 1e-4);
}

TEST_P(RecurrentFile, IsNotChangedByPadding) {
  const TokenCase one = recurrent_case(GetParam());
  const Json& mask = one.golden.at("attention_mask");
  const auto network = for_two(one.graph);
  const std::vector<float> plain = counted(network->run(token_inputs(one)).at("states"), mask);
  EXPECT_EQ(counted(network->run(token_inputs(one, 7, 9)).at("states"), mask), plain) << "whatever padding is";
  EXPECT_LT(largest_step(plain, counted(network->run(token_inputs(one, 16)).at("states"), mask)), 1e-6);
}

TEST_P(RecurrentFile, AnswersBehindACutFromStatesAndMaskAlone) {
  const TokenCase one = recurrent_case(GetParam());
  const std::string stage = one.graph.stages().back();
  const Halves halves = cut(one.graph, stage);
  const TensorMap inputs = token_inputs(one);
  const Json& mask = one.golden.at("attention_mask");
  const Tensor behind = for_two(halves.suffix)->run(for_two(halves.prefix)->run(inputs)).at("states");
  EXPECT_LT(largest_step(counted(for_two(one.graph)->run(inputs).at("states"), mask), counted(behind, mask)), 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Every, RecurrentFile,
                         ::testing::Values("torch_bidirectional", "torch_awd_lstm", "torch_gru",
                                           "torch_rnn_without_biases", "keras_bidirectional", "keras_older_gru"),
                         [](const auto& row) { return std::string(row.param); });

}  // namespace
}  // namespace enxerto
