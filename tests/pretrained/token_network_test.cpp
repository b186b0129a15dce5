#include "enxerto/pretrained/hub/token_network.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/graph/infer.h"
#include "enxerto/pretrained/hub/sentence_pooling.h"
#include "enxerto/pretrained/hub/token_families.h"
#include "tests/files/thrown.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

TokenNetwork network_of(const char* config) { return token_network({Json::parse(config), "config.json"}).value(); }

void expect_refused(const char* config, const std::string& saying) {
  expect_says(thrown_by([&] { (void)network_of(config); }), ErrorKind::weights, saying);
}

TEST(TokenNetwork, HasTheSizesOfItsConfig) {
  const TokenNetwork minilm = network_of(R"({"model_type": "bert", "hidden_size": 384, "num_hidden_layers": 6,
    "num_attention_heads": 12, "intermediate_size": 1536, "vocab_size": 30522, "max_position_embeddings": 512})");
  EXPECT_EQ(minilm.blueprint.graph.stages().size(), 7U);
  EXPECT_EQ(minilm.vocabulary, 30522);
  EXPECT_EQ(minilm.longest, 512);
  EXPECT_TRUE(minilm.types);
  EXPECT_EQ(minilm.pool, "avg");
  EXPECT_EQ(infer_shapes(minilm.blueprint).at("blocks.5.attn.scores").shape[1], Dim(std::int64_t{12}));
}

TEST(TokenNetwork, OfRobertaCountsPositionsBehindItsPadding) {
  const TokenNetwork roberta = network_of(R"({"model_type": "xlm-roberta", "hidden_size": 24, "num_hidden_layers": 1,
    "num_attention_heads": 2, "intermediate_size": 48, "max_position_embeddings": 514, "type_vocab_size": 1})");
  EXPECT_EQ(roberta.longest, 512);
  EXPECT_FALSE(roberta.types);
}

TEST(TokenNetwork, OfGptPoolsItsLastToken) {
  EXPECT_EQ(network_of(R"({"model_type": "gpt2", "n_layer": 1})").pool, "last");
  EXPECT_EQ(network_of(R"({"model_type": "qwen2", "hidden_size": 64, "num_hidden_layers": 1,
    "num_attention_heads": 4, "num_key_value_heads": 2})")
                .pool,
            "last");
}

bool is_causal(const char* config) { return infer_shapes(network_of(config).blueprint).contains("mask.causal"); }

TEST(TokenNetwork, OfGptSeesAllTokensWhereItsConfigSaysSo) {
  EXPECT_TRUE(is_causal(R"({"model_type": "gpt2", "n_layer": 1})"));
  for (const char* const type : {"gpt2", "gpt_neox", "llama", "qwen2"}) {
    const Json config{{"model_type", type},       {"is_causal", false},       {"num_hidden_layers", 1}, {"n_layer", 1},
                      {"num_attention_heads", 4}, {"num_key_value_heads", 4}, {"hidden_size", 64}};
    EXPECT_FALSE(is_causal(config.dump().c_str())) << type;
  }
}

TEST(TokenNetwork, OfGpt2MayHaveTheUsualNamesOfSizes) {
  const TokenNetwork gpt = network_of(R"({"model_type": "gpt2", "hidden_size": 48, "num_hidden_layers": 2,
    "num_attention_heads": 4, "max_position_embeddings": 64})");
  EXPECT_EQ(gpt.blueprint.graph.stages().size(), 3U);
  EXPECT_EQ(gpt.longest, 64);
}

TEST(TokenNetwork, SaysThatWeightsAreReadAsTheyAreStored) {
  EXPECT_EQ(network_of(R"({"model_type": "gpt2", "n_layer": 1})").notes.size(), 0U);
  const TokenNetwork gpt =
      network_of(R"({"model_type": "gpt2", "n_layer": 1, "quantization_config": {"load_in_8bit": true}})");
  ASSERT_EQ(gpt.notes.size(), 1U);
  EXPECT_NE(gpt.notes[0].find("quantization_config"), std::string::npos);
}

std::vector<float> frequencies(const char* config, double usual) {
  return rotary_frequencies({Json::parse(config), "config.json"}, 4, usual);
}

TEST(RotaryFrequencies, AreThoseOfTheScalingWhereBothAreThere) {
  EXPECT_EQ(frequencies(R"({"rope_parameters": {"rope_theta": 100, "rope_type": "default"},
    "rope_scaling": {"type": "linear", "factor": 4}})",
                        10000),
            (std::vector<float>{0.25F, 0.0025F}));
  EXPECT_EQ(frequencies(R"({"rope_parameters": {"rope_theta": 100}, "rope_scaling": {}})", 10000),
            (std::vector<float>{1, 0.1F}));
}

TEST(RotaryFrequencies, HaveTheUsualBaseWhereTheirParametersSayNone) {
  EXPECT_EQ(frequencies(R"({"rope_parameters": {"rope_type": "default"}})", 100), (std::vector<float>{1, 0.1F}));
}

TEST(TokenNetwork, IsNoneOfAnotherType) {
  EXPECT_FALSE(token_network({Json::parse(R"({"model_type": "vit"})"), "config.json"}));
}

TEST(TokenNetwork, IsRefusedWithOperationsThatTheZooHasNot) {
  expect_refused(R"({"model_type": "bert", "position_embedding_type": "relative_key"})", "'relative_key'");
  expect_refused(R"({"model_type": "bert", "is_decoder": true})", "'is_decoder' is true");
  expect_refused(R"({"model_type": "bert", "is_causal": true})", "'is_causal' is true");
  expect_refused(R"({"model_type": "distilbert", "is_causal": true})", "'is_causal' is true");
  expect_refused(R"({"model_type": "bert", "hidden_act": "xielu"})", "'xielu'");
  expect_refused(R"({"model_type": "gpt2", "scale_attn_by_inverse_layer_idx": true})", "inverse");
  expect_refused(R"({"model_type": "llama", "rope_scaling": {"rope_type": "yarn", "factor": 4.0}})", "'yarn'");
  expect_refused(R"({"model_type": "qwen2", "use_sliding_window": true})", "'use_sliding_window' is true");
}

TEST(TokenNetwork, IsRefusedWithSizesThatNoNetworkHas) {
  expect_refused(R"({"model_type": "bert", "num_attention_heads": 7})", "7 heads for a width of 768");
  expect_refused(R"({"model_type": "bert", "hidden_size": 1e18})", "a whole number");
  expect_refused(R"({"model_type": "bert", "hidden_size": 1000000000000000000})", "width: 1000000000000000000");
  expect_refused(R"({"model_type": "gpt2", "n_embd": 1000000000000000000})", "width: 1000000000000000000");
  expect_refused(R"({"model_type": "gpt_neox", "hidden_size": 0})", "width: 0");
  expect_refused(R"({"model_type": "llama", "num_attention_heads": 0})", "heads: 0");
  expect_refused(R"({"model_type": "llama", "num_hidden_layers": 1, "num_key_value_heads": 5})", "5 key-value heads");
  expect_refused(R"({"model_type": "llama", "rope_theta": -1})", "'rope_theta'");
  expect_refused(R"({"model_type": "roberta", "pad_token_id": 512})", "positions from 513");
}

TEST(TokenNetwork, IsRefusedWithNumbersThatNoNormalisationHas) {
  expect_refused(R"({"model_type": "bert", "layer_norm_eps": 0})", "config.json: 'layer_norm_eps' is 0");
  expect_refused(R"({"model_type": "roberta", "layer_norm_eps": -1e-12})", "'layer_norm_eps' is -1e-12");
  expect_refused(R"({"model_type": "gpt2", "layer_norm_epsilon": 1e30})", "'layer_norm_epsilon' is 1e+30");
  expect_refused(R"({"model_type": "gpt_neox", "layer_norm_eps": 1e-300})", "above 0");
  expect_refused(R"({"model_type": "llama", "rms_norm_eps": 1})", "'rms_norm_eps' is 1");
  expect_refused(R"({"model_type": "bert", "num_attention_heads": -12})", "heads: -12");
  expect_refused(R"({"model_type": "bert", "num_hidden_layers": -1})", "blocks: -1");
  expect_refused(R"({"model_type": "bert", "type_vocab_size": -2})", "-2 token types");
  expect_refused(R"({"model_type": "llama", "head_dim": -64})", "rotates -64 numbers");
  expect_refused(R"({"model_type": "llama", "num_hidden_layers": 1, "num_key_value_heads": -4})", "-4 key-value heads");
}

class SentencePoolingTest : public ::testing::Test {
 protected:
  SentencePooling pooling(const std::string& pooling, bool normalises) const {
    std::filesystem::create_directory(folder_ / "1_Pooling");
    write_atomically(folder_ / "1_Pooling" / "config.json", pooling);
    std::string modules = R"([{"type": "sentence_transformers.models.Transformer", "path": ""},
      {"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"})";
    if (normalises) modules += R"(, {"type": "sentence_transformers.models.Normalize", "path": "2_Normalize"})";
    write_atomically(folder_ / "modules.json", modules + "]");
    return sentence_pooling(folder_.path()).value();
  }
  testing::TemporaryDirectory folder_;
};

TEST_F(SentencePoolingTest, IsNoneWithoutModules) { EXPECT_FALSE(sentence_pooling(folder_.path())); }

TEST_F(SentencePoolingTest, IsThatOfTheModules) {
  EXPECT_EQ(pooling(R"({"pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true})", true).pool, "avg_unit");
  EXPECT_EQ(pooling(R"({"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false})", false).pool, "first");
  EXPECT_EQ(pooling(R"({"pooling_mode_lasttoken": true})", true).pool, "last_unit");
}

TEST_F(SentencePoolingTest, IsRefusedWhereThePromptIsNotToBePooled) {
  const std::string apart = R"({"pooling_mode_mean_tokens": true, "include_prompt": false})";
  EXPECT_EQ(pooling(apart, false).pool, "avg");
  write_atomically(folder_ / "config_sentence_transformers.json",
                   R"({"prompts": {"query": "query: "}, "default_prompt_name": "query"})");
  expect_says(thrown_by([&] { (void)pooling(apart, false); }), ErrorKind::weights, "'include_prompt' is false");
  EXPECT_EQ(pooling(R"({"pooling_mode_mean_tokens": true})", false).pool, "avg");
}

TEST_F(SentencePoolingTest, SaysWhereItIsNotSupported) {
  const SentencePooling found = pooling(R"({"pooling_mode_mean_sqrt_len_tokens": true})", true);
  EXPECT_EQ(found.pool, "");
  EXPECT_EQ(found.notes.size(), 1U);
  write_atomically(folder_ / "modules.json", "{}");
  EXPECT_THROW((void)sentence_pooling(folder_.path()), Error);
}

}  // namespace
}  // namespace enxerto
