#include <fmt/format.h>
#include <gtest/gtest.h>

#include "enxerto/engine/executor.h"
#include "enxerto/graph/cut.h"
#include "tests/parity/token_cases.h"

namespace enxerto {
namespace {

using testing::counted;
using testing::difference;
using testing::rows_of;
using testing::token_case;
using testing::token_inputs;
using testing::TokenCase;

constexpr double kTokenTolerance = 1e-4;  // of the largest output

std::shared_ptr<Executor> compiled(const Graph& graph) { return compile(graph, {.threads = 1, .batch = 2}); }

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0, scale = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    largest = std::max(largest, static_cast<double>(std::abs(a[i] - b[i])));
    scale = std::max(scale, static_cast<double>(std::abs(a[i])));
  }
  return largest / scale;
}

class LanguageModel : public ::testing::TestWithParam<std::string> {};

TEST_P(LanguageModel, GivesTheStatesOfItsOwnNetwork) {
  const TokenCase one = token_case(GetParam());
  const Tensor states = compiled(one.graph)->run(token_inputs(one)).at("states");
  const double found = difference(states, one.golden);
  RecordProperty("difference", fmt::format("{:.2e}", found));
  EXPECT_LE(found, kTokenTolerance);
}

TEST_P(LanguageModel, IsNotChangedByPadding) {
  const TokenCase one = token_case(GetParam());
  const Json& mask = one.golden.at("attention_mask");
  const auto network = compiled(one.graph);
  const std::vector<float> plain = counted(network->run(token_inputs(one)).at("states"), mask);
  // Which word padding is changes no bit.
  EXPECT_EQ(counted(network->run(token_inputs(one, 7, 9)).at("states"), mask), plain);
  const std::vector<float> longer = counted(network->run(token_inputs(one, 16)).at("states"), mask);
  EXPECT_LT(largest_difference(plain, longer), 1e-5);
  std::vector<float> alone;
  for (std::size_t row = 0; row < mask.size(); ++row) {
    const auto tokens = static_cast<std::int64_t>(std::count(mask[row].begin(), mask[row].end(), 1));
    TensorMap inputs;
    for (const Value& input : one.graph.inputs) {
      Json numbers = Json::array({one.golden.at(input.name)[row]});
      numbers[0].get_ref<Json::array_t&>().resize(static_cast<std::size_t>(tokens));
      inputs.set(input.name, rows_of(numbers, tokens, 0));
    }
    const Tensor states = network->run(inputs).at("states");
    alone.insert(alone.end(), states.as<float>().begin(), states.as<float>().end());
  }
  EXPECT_LT(largest_difference(plain, alone), 1e-5);
}

TEST_P(LanguageModel, AnswersBehindACutFromStatesAndMaskAlone) {
  const TokenCase one = token_case(GetParam());
  const Halves halves = cut(one.graph, "block1");
  ASSERT_EQ(halves.suffix.inputs.size(), 2U);
  const TensorMap inputs = token_inputs(one);
  const Tensor whole = compiled(one.graph)->run(inputs).at("states");
  const Tensor behind = compiled(halves.suffix)->run(compiled(halves.prefix)->run(inputs)).at("states");
  const Json& mask = one.golden.at("attention_mask");
  EXPECT_LT(largest_difference(counted(whole, mask), counted(behind, mask)), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Every, LanguageModel, ::testing::ValuesIn(testing::token_case_names()),
                         [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto
