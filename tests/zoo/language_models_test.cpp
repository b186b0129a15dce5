#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/infer.h"
#include "enxerto/zoo/bert.h"
#include "enxerto/zoo/gpt2.h"
#include "enxerto/zoo/gpt_neox.h"
#include "enxerto/zoo/llama.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

using Names = std::vector<std::string>;

constexpr TransformerSizes kTiny{.vocabulary = 20, .positions = 12, .width = 8, .depth = 2, .heads = 2, .hidden = 16};

std::vector<Blueprint> one_of_each() {
  return {bert({.sizes = kTiny}), gpt2({.sizes = kTiny}), gpt_neox({.sizes = kTiny, .frequencies = {1}}),
          llama({.sizes = kTiny, .key_heads = 1, .head_width = 4, .frequencies = {1, 0.1F}})};
}

Names names_of(const std::vector<Value>& values) {
  Names names;
  for (const Value& value : values) names.push_back(value.name);
  return names;
}

TEST(LanguageModels, TakeIdsAndAMaskOfAnyLengthAndGiveStates) {
  for (const Blueprint& blueprint : one_of_each()) {
    const Graph& graph = blueprint.graph;
    for (const Value& input : graph.inputs) {
      EXPECT_EQ(input.dtype, DType::i64) << graph.name;
      EXPECT_EQ(input.shape, (SymbolicShape{"batch", "tokens"})) << graph.name;
    }
    ASSERT_EQ(graph.outputs.size(), 1U);
    EXPECT_EQ(graph.outputs[0].name, "states");
    EXPECT_EQ(infer_shapes(blueprint).at("states").shape, (SymbolicShape{"batch", "tokens", 8})) << graph.name;
    EXPECT_EQ(graph.stages(), (Names{"embeddings", "block0", "block1"})) << graph.name;
  }
}

TEST(LanguageModels, HaveTokenTypesWhereTheyAreGiven) {
  EXPECT_EQ(names_of(bert({.sizes = kTiny}).graph.inputs), (Names{"input_ids", "attention_mask", "token_type_ids"}));
  const Names two{"input_ids", "attention_mask"};
  EXPECT_EQ(names_of(bert({.sizes = kTiny, .types = 1, .types_given = false}).graph.inputs), two);
  EXPECT_EQ(names_of(bert({.sizes = kTiny, .types = 0}).graph.inputs), two);
  EXPECT_EQ(names_of(gpt2({.sizes = kTiny}).graph.inputs), two);
}

TEST(LanguageModels, AreCutBetweenBlocksAtTheStatesAndTheMask) {
  for (const Blueprint& blueprint : one_of_each()) {
    const Graph graph = blueprint.fill(formula::weights(blueprint));
    for (const char* stage : {"block0", "block1"}) {
      const Halves halves = cut(graph, stage);
      const Names crossing = names_of(halves.suffix.inputs);
      ASSERT_EQ(crossing.size(), 2U) << graph.name << " " << stage;
      EXPECT_EQ(crossing[0], "attention_mask") << graph.name;
      EXPECT_EQ(halves.suffix.inputs[1].shape, (SymbolicShape{"batch", "tokens", 8})) << graph.name;
    }
  }
}

TEST(LanguageModels, HaveParametersThatAreAllTrained) {
  for (const Blueprint& blueprint : one_of_each())
    for (const ParameterSpec& spec : blueprint.parameters) {
      EXPECT_TRUE(is_trainable(spec.role)) << blueprint.graph.name << " " << spec.name;
    }
}

TEST(LanguageModels, LookUpTheirWords) {
  for (const Blueprint& blueprint : one_of_each())
    EXPECT_EQ(blueprint.parameters.at(0).role, Role::embedding) << blueprint.graph.name;
}

TEST(LanguageModels, RefuseSizesThatThereAreNot) {
  const auto with = [](auto change) {
    TransformerSizes sizes = kTiny;
    change(sizes);
    return sizes;
  };
  for (const TransformerSizes& sizes :
       {with([](auto& s) { s.heads = 3; }), with([](auto& s) { s.width = 0; }), with([](auto& s) { s.depth = -1; }),
        with([](auto& s) { s.vocabulary = std::int64_t{1} << 60; }), with([](auto& s) { s.heads = 16; })}) {
    EXPECT_THROW(bert({.sizes = sizes}), Error);
    EXPECT_THROW(gpt2({.sizes = sizes}), Error);
  }
  EXPECT_THROW(bert({.sizes = kTiny, .first_position = 12}), Error);
  EXPECT_THROW(gpt_neox({.sizes = kTiny}), Error);
  EXPECT_THROW(gpt_neox({.sizes = kTiny, .frequencies = {1, 1, 1}}), Error);
  EXPECT_THROW(llama({.sizes = kTiny, .key_heads = 3, .head_width = 4, .frequencies = {1, 1}}), Error);
  EXPECT_THROW(llama({.sizes = kTiny, .key_heads = 2, .head_width = 3, .frequencies = {1}}), Error);
}

}  // namespace
}  // namespace enxerto
