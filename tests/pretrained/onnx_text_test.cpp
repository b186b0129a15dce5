#include <gtest/gtest.h>

#include <fstream>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/cut.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/onnx/export.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/pretrained/onnx/token_input.h"
#include "tests/graph/small_network.h"
#include "tests/media/text/tiny_tokenizer.h"

namespace enxerto {
namespace {

/// An encoder as PyTorch exports one: nodes are called after their modules, there are no stages, and a second output.
Blueprint encoder(const char* second_input) {
  GraphBuilder net("net");
  const std::string ids = net.input("input_ids", {"batch_size", "sequence_length"}, DType::i64);
  const std::string mask = net.input(second_input, {"batch_size", "sequence_length"}, DType::i64);
  std::string x = net.add("Gather", "/embeddings/word/Gather", {net.parameter("embeddings.word.weight", {14, 4}), ids});
  const std::string rows = net.constant(Tensor::of<std::int64_t>({1}, {0}));
  x = net.add("Add", "/embeddings/Add",
              {x, net.add("Gather", "/embeddings/position/Gather",
                          {net.parameter("embeddings.position.weight", {32, 4}), rows})});
  const std::string seen = net.add("Cast", "/Cast", {mask}, {{"to", std::int64_t{1}}});
  const std::string last = net.constant(Tensor::of<std::int64_t>({1}, {2}));
  x = net.add("Mul", "/embeddings/Mul", {x, net.add("Unsqueeze", "/Unsqueeze", {seen, last})});
  for (const char* block : {"/encoder/layer.0/", "/encoder/layer.1/"})
    x = net.relu(net.dense(x, std::string(block) + "dense", 4), std::string(block) + "act");
  net.output(net.add("ReduceMean", "/pooled", {x, net.constant(Tensor::of<std::int64_t>({1}, {1}))},
                     {{"keepdims", std::int64_t{0}}}),
             "sentence_embedding");
  net.output(x, "last_hidden_state");
  return std::move(net).finish();
}

class OnnxText : public ::testing::Test {
 protected:
  Backbone load(const char* second_input = "attention_mask", const LoadOptions& options = {}) {
    const Blueprint blueprint = encoder(second_input);
    write_onnx(blueprint.fill(ramp_weights(blueprint)), folder_.path() / "model.onnx",
               {.external = false, .metadata = {}});
    return load_backbone((folder_.path() / "model.onnx").string(), options);
  }
  std::string refusal(const char* second_input = "attention_mask", const LoadOptions& options = {}) {
    try {
      (void)load(second_input, options);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  testing::TokenizerFolder folder_;
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_F(OnnxText, ItsStatesItsBlocksAndItsTokenizerAreFound) {
  folder_.write("vocab.txt", testing::kTinyVocabulary);
  const Backbone backbone = load();
  EXPECT_EQ(backbone.graph.stages(), (std::vector<std::string>{"embeddings", "block0", "block1"}));
  ASSERT_EQ(backbone.graph.outputs.size(), 1U);
  EXPECT_EQ(backbone.graph.outputs[0].name, "states");
  EXPECT_EQ(backbone.graph.inputs[0].shape, (SymbolicShape{"batch", "tokens"}));
  const Json record = backbone.spec.preprocessor->record();
  EXPECT_EQ(record["inputs"], Json({"input_ids", "attention_mask"}));
  EXPECT_EQ(record["max_length"], 32) << "rows of the table of positions";
  EXPECT_EQ(backbone.spec.outputs, 0);
  ASSERT_EQ(backbone.notes.size(), 1U);
  EXPECT_TRUE(has(backbone.notes[0], "sentence_embedding is not used"));
}

TEST_F(OnnxText, BlocksAreCutWhereTheStatesAloneCross) {
  folder_.write("vocab.txt", testing::kTinyVocabulary);
  const Halves halves = cut(load().graph, "block1");
  EXPECT_EQ(halves.prefix.outputs.size(), 1U);
  EXPECT_EQ(halves.suffix.inputs.size(), 1U);
}

TEST_F(OnnxText, InputsThatNobodyGivesAreRefused) {
  folder_.write("vocab.txt", testing::kTinyVocabulary);
  EXPECT_TRUE(has(refusal("past_key_values"), "the input past_key_values"));
}

TEST_F(OnnxText, ASizeInPixelsIsRefused) {
  folder_.write("vocab.txt", testing::kTinyVocabulary);
  EXPECT_TRUE(has(refusal("attention_mask", {.weights = {}, .size = 224}), "224 px"));
}

TEST_F(OnnxText, ATokenizerThatIsNotThereOrDamagedIsNamed) {
  EXPECT_TRUE(has(refusal(), "no tokenizer"));
  folder_.write("tokenizer.json", "{\"model\": ");
  EXPECT_TRUE(has(refusal(), "no tokenizer: ")) << refusal();
}

TEST_F(OnnxText, AVocabularyThatIsTooLargeIsNamedWithBothSizes) {
  folder_.write("vocab.txt", std::string(testing::kTinyVocabulary) + "one\nmore\n");
  EXPECT_TRUE(has(refusal(), "16 ids next to a network with 14 word vectors")) << refusal();
}

}  // namespace
}  // namespace enxerto
