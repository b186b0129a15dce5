// Folders of language models with the tokenizer in them.
#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/files/json.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/pretrained/hub/token_network.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/weights/safetensors.h"
#include "tests/files/thrown.h"
#include "tests/media/text/tiny_tokenizer.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

/// A BERT of 14 words, as `save_pretrained` leaves it.
class BertFolder : public ::testing::Test {
 protected:
  BertFolder() {
    folder_.write("vocab.txt", testing::kTinyVocabulary);
    folder_.write("tokenizer_config.json",
                  R"({"do_lower_case": true, "model_max_length": 1000000000000000019884624838656})");
    write(14);
  }

  void write(std::int64_t words) const {
    const Json config{{"model_type", "bert"},        {"vocab_size", words},      {"hidden_size", 8},
                      {"num_hidden_layers", 1},      {"num_attention_heads", 2}, {"intermediate_size", 16},
                      {"max_position_embeddings", 6}};
    folder_.write("config.json", config.dump());
    StateDict file;
    const auto add = [&](const std::string& name, const Shape& shape) {
      file.set("bert." + name, formula::filled(name, shape, formula::range_of(name, shape)));
    };
    const auto add_pair = [&](const std::string& name, const Shape& shape) {
      add(name + ".weight", shape);
      add(name + ".bias", {shape[0]});
    };
    add("embeddings.word_embeddings.weight", {words, 8});
    add("embeddings.position_embeddings.weight", {6, 8});
    add("embeddings.token_type_embeddings.weight", {2, 8});
    add_pair("embeddings.LayerNorm", {8});
    for (const char* part : {"self.query", "self.key", "self.value", "output.dense"})
      add_pair(std::string("encoder.layer.0.attention.") + part, {8, 8});
    add_pair("encoder.layer.0.attention.output.LayerNorm", {8});
    add_pair("encoder.layer.0.intermediate.dense", {16, 8});
    add_pair("encoder.layer.0.output.dense", {8, 16});
    add_pair("encoder.layer.0.output.LayerNorm", {8});
    add_pair("pooler.dense", {8, 8});
    file.set("classifier.weight", formula::filled("classifier.weight", {3, 8}, {0, 1}));
    write_safetensors(folder_.path() / "model.safetensors", file);
  }

  Backbone load() const { return load_backbone(folder_.path().string()); }

  testing::TokenizerFolder folder_;
};

TEST_F(BertFolder, IsABackboneWithItsTokenizer) {
  const Backbone backbone = load();
  EXPECT_EQ(backbone.spec.name, folder_.path().filename().string());
  EXPECT_EQ(backbone.spec.architecture, "bert");
  EXPECT_EQ(backbone.pool, "avg");
  EXPECT_EQ(backbone.graph.outputs.at(0).shape, (SymbolicShape{"batch", "tokens", 8}));
  EXPECT_EQ(backbone.left_out, std::vector<std::string>{"classifier"});
  ASSERT_EQ(backbone.graph.inputs.size(), backbone.spec.preprocessor->inputs().size());
  for (const InputSpec& input : backbone.spec.preprocessor->inputs()) EXPECT_EQ(input.dtype, DType::i64);
  EXPECT_EQ(backbone.spec.preprocessor->record().at("max_length"), 6) << "as many tokens as it has positions";
}

TEST_F(BertFolder, OfSentenceTransformersPoolsAsItsModulesSay) {
  std::filesystem::create_directory(folder_.path() / "1_Pooling");
  folder_.write("1_Pooling/config.json", R"({"pooling_mode_cls_token": true})");
  folder_.write("modules.json", R"([{"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"}])");
  EXPECT_EQ(load().pool, "first");
}

TEST_F(BertFolder, IsRefusedWithAnotherNetworksTokenizer) {
  write(12);
  const Error error = thrown_by([&] { (void)load(); });
  EXPECT_EQ(error.kind(), ErrorKind::weights);
  EXPECT_NE(error.text().found.find("14"), std::string::npos) << error.text().found;
  EXPECT_NE(error.text().found.find("12"), std::string::npos) << error.text().found;
}

TEST_F(BertFolder, IsRefusedWithoutATokenizer) {
  std::filesystem::remove(folder_.path() / "vocab.txt");
  EXPECT_EQ(thrown_by([&] { (void)load(); }).kind(), ErrorKind::weights);
}

TEST_F(BertFolder, IsRefusedWithWeightsOfOtherSizes) {
  folder_.write("config.json", R"({"model_type": "bert", "vocab_size": 14, "hidden_size": 16, "num_hidden_layers": 1,
    "num_attention_heads": 2, "intermediate_size": 16, "max_position_embeddings": 6})");
  expect_says(thrown_by([&] { (void)load(); }), ErrorKind::weights, "embeddings.word.weight");
}

}  // namespace
}  // namespace enxerto
