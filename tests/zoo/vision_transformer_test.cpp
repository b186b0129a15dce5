#include "enxerto/zoo/vision_transformer.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/infer.h"
#include "enxerto/zoo/registry.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

const VisionTransformerConfig kTinyViT{.name = "tiny", .size = 64, .width = 12, .depth = 2, .heads = 3, .classes = 5};

TEST(VisionTransformer, HasAStageForEachBlock) {
  EXPECT_EQ(vision_transformer(kTinyViT).graph.stages(),
            (std::vector<std::string>{"embeddings", "block0", "block1", "head"}));
}

TEST(VisionTransformer, NamesItsParametersAsTimmDoes) {
  const Blueprint blueprint = find_architecture("dinov2_vits14").build({.size = 28, .classes = 5});
  std::vector<std::string> names;
  for (const ParameterSpec& spec : blueprint.parameters) names.push_back(spec.name);
  for (const char* name : {"cls_token", "pos_embed", "patch_embed.proj.bias", "blocks.0.norm1.weight",
                           "blocks.3.attn.qkv.weight", "blocks.11.attn.proj.bias", "blocks.11.ls1.gamma",
                           "blocks.11.mlp.fc1.weight", "blocks.11.ls2.gamma", "norm.bias", "head.weight"})
    EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << name;
}

TEST(VisionTransformer, HasAPositionForEachPatchOfItsSize) {
  for (const auto& [size, patches] : {std::pair{224, 256}, {518, 1369}, {28, 4}, {41, 4}}) {
    const Blueprint blueprint = find_architecture("dinov2_vits14").build({.size = size, .classes = 5});
    EXPECT_EQ(infer_shapes(blueprint).at("pos_embed").shape, (SymbolicShape{1, 1 + patches, 384})) << size;
  }
}

TEST(VisionTransformer, TellsWhatItsParametersAreFor) {
  const auto role_of = [](std::string_view name) {
    VisionTransformerConfig config = kTinyViT;
    config.layer_scale = true;
    for (const ParameterSpec& spec : vision_transformer(config).parameters)
      if (spec.name == name) return spec.role;
    return Role::constant;
  };
  EXPECT_EQ(role_of("cls_token"), Role::embedding);
  EXPECT_EQ(role_of("pos_embed"), Role::embedding);
  EXPECT_EQ(role_of("blocks.0.norm1.weight"), Role::norm_scale);
  EXPECT_EQ(role_of("norm.bias"), Role::norm_shift);
  EXPECT_EQ(role_of("blocks.1.attn.qkv.weight"), Role::weight);
  EXPECT_EQ(role_of("blocks.1.attn.qkv.bias"), Role::bias);
  EXPECT_EQ(role_of("blocks.1.ls2.gamma"), Role::weight);
}

TEST(VisionTransformer, IsCutBeforeAnyStageAtOneValue) {
  const Blueprint blueprint = vision_transformer(kTinyViT);
  const Graph graph = blueprint.fill(formula::weights(blueprint));
  for (const char* stage : {"block0", "block1"}) {
    const Halves halves = cut(graph, stage);
    ASSERT_EQ(halves.prefix.outputs.size(), 1U) << stage;
    EXPECT_EQ(halves.prefix.outputs[0].shape, (SymbolicShape{"batch", 17, 12}));
    EXPECT_EQ(halves.prefix.parameters.size() + halves.suffix.parameters.size(), graph.parameters.size()) << stage;
  }
  EXPECT_EQ(cut(graph, "head").prefix.outputs.at(0).shape, (SymbolicShape{"batch", 12}));
}

TEST(VisionTransformer, AttendsWithTheHeadsOfItsSize) {
  for (const auto& [name, heads] : {std::pair{"vit_s16", 6},
                                    {"vit_b16", 12},
                                    {"vit_b32", 12},
                                    {"vit_l16", 16},
                                    {"dinov2_vits14", 6},
                                    {"dinov2_vitb14", 12}}) {
    const ValueTypes types = infer_shapes(find_architecture(name).build({.size = 70}));
    EXPECT_EQ(types.at("blocks.0.attn.scores").shape[1], Dim(std::int64_t{heads})) << name;
  }
}

TEST(VisionTransformer, PoolsTheClassTokenOrBesideItTheMeanPatch) {
  VisionTransformerConfig config = kTinyViT;
  config.pool = VisionTransformerConfig::Pool::class_token_and_mean;
  const Blueprint blueprint = vision_transformer(config);
  EXPECT_EQ(infer_shapes(blueprint).at("pooled").shape, (SymbolicShape{"batch", 24}));
  EXPECT_EQ(infer_shapes(vision_transformer(kTinyViT)).at("class_token").shape, (SymbolicShape{"batch", 12}));
}

TEST(VisionTransformer, RefusesWhatThereIsNot) {
  for (const VisionTransformerConfig& config :
       {VisionTransformerConfig{.size = 31}, VisionTransformerConfig{.width = 100}, VisionTransformerConfig{.patch = 0},
        VisionTransformerConfig{.depth = 0}, VisionTransformerConfig{.heads = 0},
        VisionTransformerConfig{.classes = 0}})
    EXPECT_THROW(vision_transformer(config), Error);
}

}  // namespace
}  // namespace enxerto
