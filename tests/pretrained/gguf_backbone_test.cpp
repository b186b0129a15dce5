#include "enxerto/pretrained/gguf_backbone.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <variant>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/files/json.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/weights/safetensors.h"
#include "tests/files/thrown.h"
#include "tests/media/text/tiny_tokenizer.h"
#include "tests/weights/gguf/crafted_gguf.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

using crafted::GgufFile;

constexpr std::int64_t kWidth = 8, kHeads = 2, kKeyHeads = 1, kHeadWidth = 4, kHidden = 12, kWords = 6;

/// A network of one block, by the names of transformers and of GGUF.
struct TensorRow {
  const char *theirs, *gguf;
  Shape shape;
  std::int64_t heads = 0;  ///< whose rows lie in pairs in GGUF files of the architecture llama
};
const std::vector<TensorRow>& tensor_rows() {
  static const std::vector<TensorRow> rows{
      {"embed_tokens.weight", "token_embd.weight", {kWords, kWidth}},
      {"layers.0.input_layernorm.weight", "blk.0.attn_norm.weight", {kWidth}},
      {"layers.0.self_attn.q_proj.weight", "blk.0.attn_q.weight", {kHeads * kHeadWidth, kWidth}, kHeads},
      {"layers.0.self_attn.k_proj.weight", "blk.0.attn_k.weight", {kKeyHeads * kHeadWidth, kWidth}, kKeyHeads},
      {"layers.0.self_attn.v_proj.weight", "blk.0.attn_v.weight", {kKeyHeads * kHeadWidth, kWidth}},
      {"layers.0.self_attn.o_proj.weight", "blk.0.attn_output.weight", {kWidth, kHeads * kHeadWidth}},
      {"layers.0.post_attention_layernorm.weight", "blk.0.ffn_norm.weight", {kWidth}},
      {"layers.0.mlp.gate_proj.weight", "blk.0.ffn_gate.weight", {kHidden, kWidth}},
      {"layers.0.mlp.up_proj.weight", "blk.0.ffn_up.weight", {kHidden, kWidth}},
      {"layers.0.mlp.down_proj.weight", "blk.0.ffn_down.weight", {kWidth, kHidden}},
      {"norm.weight", "output_norm.weight", {kWidth}},
  };
  return rows;
}
const std::vector<TensorRow> kBiases{
    {"layers.0.self_attn.q_proj.bias", "blk.0.attn_q.bias", {kHeads * kHeadWidth}, kHeads},
    {"layers.0.self_attn.k_proj.bias", "blk.0.attn_k.bias", {kKeyHeads * kHeadWidth}, kKeyHeads},
    {"layers.0.self_attn.v_proj.bias", "blk.0.attn_v.bias", {kKeyHeads * kHeadWidth}}};

/// As llama.cpp's convert_hf_to_gguf.py: (heads, 2, width / 2) -> (heads, width / 2, 2).
std::string permuted(const Tensor& tensor, std::int64_t heads) {
  const std::int64_t rows = tensor.shape()[0], half = rows / heads / 2;
  const std::size_t bytes = tensor.byte_size() / to_size(rows);
  std::string to;
  for (std::int64_t head = 0; head < heads; ++head)
    for (std::int64_t i = 0; i < half; ++i)
      for (std::int64_t side = 0; side < 2; ++side)
        to.append(reinterpret_cast<const char*>(tensor.data()) + to_size((head * 2 + side) * half + i) * bytes, bytes);
  return to;
}

Tensor formula_of(const TensorRow& row) {
  return formula::filled(row.theirs, row.shape, formula::range_of(row.theirs, row.shape));
}

/// Of all operations that are constants, in order.
std::vector<Tensor> constants_of(const Graph& graph) {
  std::vector<Tensor> constants;
  for (const Node& node : graph.nodes)
    for (const auto& [_, attribute] : node.attributes)
      if (const auto* const tensor = std::get_if<Tensor>(&attribute)) constants.push_back(*tensor);
  return constants;
}

/// Of a network whose rotary positions turn two pairs of numbers: its constant of shape (1, 1, 1, 2).
std::vector<float> frequencies_of(const Backbone& backbone) {
  for (const Tensor& tensor : constants_of(backbone.graph))
    if (tensor.shape() == Shape{1, 1, 1, kHeadWidth / 2} && tensor.dtype() == DType::f32)
      return {tensor.as<float>().begin(), tensor.as<float>().end()};
  return {};
}

class GgufBackbone : public ::testing::Test {
 protected:
  GgufBackbone() {
    file_.set("general.license", "apache-2.0");
    for (const TensorRow& row : tensor_rows()) rows_.push_back(row);
    describe("llama");
  }

  void describe(const std::string& architecture) {
    architecture_ = architecture;
    file_.set("general.architecture", architecture.c_str());
    set("embedding_length", kWidth);
    set("block_count", 1);
    set("attention.head_count", kHeads);
    set("attention.head_count_kv", kKeyHeads);
    set("feed_forward_length", kHidden);
    set("context_length", 16);
    file_.set(architecture + ".attention.layer_norm_rms_epsilon", 1e-5F);
    file_.set(architecture + ".rope.freq_base", 1000.0F);
    file_.set("tokenizer.ggml.model", "gpt2");
    file_.set("tokenizer.ggml.pre", "smollm");
    file_.set("tokenizer.ggml.tokens", std::vector<std::string>{"<|end|>", "a", "b", "ab", "1", "\xC4\xA0"});
    file_.set("tokenizer.ggml.merges", std::vector<std::string>{"a b"});
    file_.set("tokenizer.ggml.token_type", std::vector<std::int32_t>{3, 1, 1, 1, 1, 1});
  }

  void set(const std::string& key, std::int64_t value) {
    file_.set(architecture_ + "." + key, static_cast<std::uint32_t>(value));
  }

  /// What was set under `key` is no more.
  void drop(const std::string& key) {
    std::erase_if(file_.values, [&](const std::string& value) { return value.starts_with(GgufFile::string(key)); });
  }

  void add(const TensorRow& row) {
    const Tensor tensor = formula_of(row);
    const std::string plain(reinterpret_cast<const char*>(tensor.data()), tensor.byte_size());
    std::vector<std::uint64_t> sizes(row.shape.rbegin(), row.shape.rend());
    file_.tensors.push_back({.name = row.gguf,
                             .sizes = std::move(sizes),
                             .type = 0,
                             .data = row.heads > 0 && architecture_ == "llama" ? permuted(tensor, row.heads) : plain});
  }

  Backbone load() {
    file_.tensors.clear();
    for (const TensorRow& row : rows_) add(row);
    folder_.write("tiny.gguf", file_.bytes());
    return load_backbone((folder_.path() / "tiny.gguf").string());
  }

  /// The same network as a folder of transformers.
  Backbone load_folder() const {
    const Json config{{"model_type", architecture_},   {"vocab_size", kWords},
                      {"hidden_size", kWidth},         {"num_hidden_layers", 1},
                      {"num_attention_heads", kHeads}, {"num_key_value_heads", kKeyHeads},
                      {"intermediate_size", kHidden},  {"max_position_embeddings", 16},
                      {"rms_norm_eps", 1e-5F},         {"rope_theta", 1000.0}};
    folder_.write("config.json", config.dump());
    folder_.write("vocab.json", R"({"<|end|>": 0, "a": 1, "b": 2, "ab": 3, "1": 4, "Ġ": 5})");
    folder_.write("merges.txt", "a b\n");
    StateDict tensors;
    for (const TensorRow& row : rows_) tensors.set("model." + std::string(row.theirs), formula_of(row));
    write_safetensors(folder_.path() / "model.safetensors", tensors);
    return load_backbone(folder_.path().string());
  }

  void expect_same_network() {
    const Backbone found = load(), expected = load_folder();
    ASSERT_EQ(found.graph.parameters.size(), expected.graph.parameters.size());
    for (const auto& [name, tensor] : expected.graph.parameters) {
      const Tensor& other = found.graph.parameters.at(name);
      EXPECT_EQ(other.shape(), tensor.shape()) << name;
      EXPECT_TRUE(std::ranges::equal(other.bytes(), tensor.bytes())) << name;
    }
    const std::vector<Tensor> constants = constants_of(found.graph), others = constants_of(expected.graph);
    ASSERT_EQ(constants.size(), others.size());
    for (std::size_t i = 0; i < others.size(); ++i)
      EXPECT_TRUE(std::ranges::equal(constants[i].bytes(), others[i].bytes())) << i;
    EXPECT_EQ(found.pool, expected.pool);
    EXPECT_EQ(found.spec.architecture, architecture_);
  }

  void expect_refused(const std::string& says) {
    expect_says(thrown_by([&] { (void)load(); }), ErrorKind::weights, says);
  }

  testing::TokenizerFolder folder_;
  GgufFile file_;
  std::vector<TensorRow> rows_;
  std::string architecture_;
};

TEST_F(GgufBackbone, OfLlamaIsTheNetworkOfTheFolder) { expect_same_network(); }

TEST_F(GgufBackbone, OfQwen2IsTheNetworkOfTheFolder) {
  file_.values.clear();
  describe("qwen2");
  for (const TensorRow& bias : kBiases) rows_.push_back(bias);
  expect_same_network();
}

TEST_F(GgufBackbone, KnowsItsTokenizerItsLengthAndItsLicence) {
  const Backbone backbone = load();
  EXPECT_EQ(backbone.spec.name, "tiny");
  EXPECT_EQ(backbone.spec.licence, "apache-2.0");
  EXPECT_EQ(backbone.spec.preprocessor->record().at("max_length"), 16);
  EXPECT_EQ(backbone.spec.preprocessor->record().value("positions", 0), 16);
  EXPECT_EQ(backbone.sha256.size(), 64U);
  EXPECT_TRUE(backbone.left_out.empty());
}

TEST_F(GgufBackbone, LeavesOutTheLayerThatPredictsWords) {
  rows_.push_back({"lm_head.weight", "output.weight", {kWords, kWidth}});
  EXPECT_EQ(load().left_out, std::vector<std::string>{"output"});
}

TEST_F(GgufBackbone, DividesItsFrequenciesByTheFactorsOfTheFile) {
  const std::vector<float> plain = frequencies_of(load());
  rows_.push_back({"rope_freqs.weight", "rope_freqs.weight", {kHeadWidth / 2}});
  const std::vector<float> divided = frequencies_of(load());
  const Tensor factors = formula_of(rows_.back());
  ASSERT_EQ(divided.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_FLOAT_EQ(divided[i], plain[i] / factors.as<float>()[i]);
  rows_.back().shape = {1};
  expect_refused("1 factors for its rotary positions");
}

TEST_F(GgufBackbone, DividesItsFrequenciesByAFactorWithoutAKind) {
  const std::vector<float> plain = frequencies_of(load());
  for (const char* const key : {"llama.rope.scale_linear", "llama.rope.scaling.factor"}) {
    file_.set(key, 4.0F);
    const std::vector<float> divided = frequencies_of(load());
    ASSERT_EQ(divided.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_FLOAT_EQ(divided[i], plain[i] / 4) << key;
    drop(key);
  }
}

TEST_F(GgufBackbone, SeesAllTokensWhereItSaysSo) {
  const auto is_causal = [&] {
    const Backbone backbone = load();
    return std::ranges::any_of(backbone.graph.nodes, [](const Node& node) { return node.op == "LessOrEqual"; });
  };
  EXPECT_TRUE(is_causal());
  file_.set("llama.attention.causal", false);
  EXPECT_FALSE(is_causal());
}

TEST_F(GgufBackbone, IsRefusedOfAnotherArchitecture) {
  drop("general.architecture");
  expect_refused("does not state its general.architecture");
  file_.set("general.architecture", "gemma3");
  expect_refused("of the architecture 'gemma3'");
}

TEST_F(GgufBackbone, IsRefusedWithoutItsSizes) {
  drop("llama.block_count");
  expect_refused("has no number 'llama.block_count'");
  file_.set("llama.block_count", "one");
  expect_refused("a whole number");
}

TEST_F(GgufBackbone, IsRefusedWithWhatTheZooDoesNotCompute) {
  set("expert_count", 8);
  expect_refused("a mixture of 8 experts");
  drop("llama.expert_count");
  set("rope.dimension_count", 2);
  expect_refused("'llama.rope.dimension_count' is 2");
  drop("llama.rope.dimension_count");
  file_.set("llama.rope.scaling.type", "yarn");
  expect_refused("'yarn'");
}

TEST_F(GgufBackbone, IsRefusedWithATokenizerThatIsNotRead) {
  drop("tokenizer.ggml.pre");
  expect_refused("does not say how texts are cut");
  file_.set("tokenizer.ggml.pre", "tekken");
  expect_refused("the rule 'tekken'");
  drop("tokenizer.ggml.model");
  expect_refused("tokenizer.ggml.model is missing");
  file_.set("tokenizer.ggml.model", "llama");
  expect_refused("a tokenizer of the kind 'llama'");
}

TEST_F(GgufBackbone, IsRefusedWhereTensorsAreMissing) {
  rows_.pop_back();
  expect_refused("norm.weight");
}

TEST_F(GgufBackbone, IsRefusedWhereItIsTruncated) {
  (void)load();
  const std::string bytes = file_.bytes();
  folder_.write("tiny.gguf", bytes.substr(0, bytes.size() - 32));
  expect_says(thrown_by([&] { (void)load_backbone((folder_.path() / "tiny.gguf").string()); }), ErrorKind::weights,
              "is truncated");
}

}  // namespace
}  // namespace enxerto
