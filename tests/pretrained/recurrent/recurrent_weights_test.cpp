#include "enxerto/pretrained/recurrent/recurrent_weights.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "enxerto/media/preprocessor.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/weights/safetensors.h"
#include "tests/files/thrown.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

using testing::TemporaryDirectory;

Tensor ramp(const Shape& shape, float first = 0) {
  TensorBuffer buffer(DType::f32, shape);
  for (float& value : buffer.as<float>()) value = first++;
  return std::move(buffer).freeze();
}

std::vector<float> numbers(const Tensor& tensor) {
  const auto values = tensor.as<float>();
  return {values.begin(), values.end()};
}

/// One LSTM of PyTorch's with a unit, on word vectors of two numbers.
StateDict torch_file() {
  return {
      {"emb.weight", ramp({7, 2})},       {"lstm.weight_ih_l0", ramp({4, 2})}, {"lstm.weight_hh_l0", ramp({4, 1}, 10)},
      {"lstm.bias_ih_l0", ramp({4}, 20)}, {"lstm.bias_hh_l0", ramp({4}, 30)},  {"fc.weight", ramp({3, 1})}};
}

std::optional<RecurrentWeights> read(const StateDict& tensors) {
  WeightFile file;
  file.tensors = tensors;
  return recurrent_weights(file, "some.pt");
}

Error refused_weights(const StateDict& tensors) {
  return thrown_by([&] { (void)read(tensors); });
}

TEST(RecurrentWeights, OfPyTorchHaveTheirGatesInOnnxsOrder) {
  const RecurrentWeights found = read(torch_file()).value();
  EXPECT_EQ(found.config.name, "lstm");
  EXPECT_EQ(found.config.vocabulary, 7);
  EXPECT_EQ(found.config.embedding, 2);
  ASSERT_EQ(found.config.layers.size(), 1U);
  // i f g o become i o f g.
  EXPECT_EQ(numbers(found.parameters.at("rnn.0.weight")), (std::vector<float>{0, 1, 6, 7, 2, 3, 4, 5}));
  EXPECT_EQ(numbers(found.parameters.at("rnn.0.recurrent")), (std::vector<float>{10, 13, 11, 12}));
  EXPECT_EQ(numbers(found.parameters.at("rnn.0.bias")), (std::vector<float>{20, 23, 21, 22, 30, 33, 31, 32}));
  EXPECT_EQ(found.left_out, std::vector<std::string>{"fc"});
}

TEST(RecurrentWeights, OfFastaiAreTheRawOnes) {
  StateDict file{{"0.encoder.weight", ramp({7, 2})},
                 {"0.rnns.0.weight_hh_l0_raw", ramp({4, 1}, 10)},
                 {"0.rnns.0.module.weight_ih_l0", ramp({4, 2})},
                 {"0.rnns.0.module.weight_hh_l0", ramp({4, 1}, 90)},
                 {"0.rnns.0.module.bias_ih_l0", ramp({4})},
                 {"0.rnns.0.module.bias_hh_l0", ramp({4})}};
  EXPECT_EQ(numbers(read(file)->parameters.at("rnn.0.recurrent")), (std::vector<float>{10, 13, 11, 12}));
}

TEST(RecurrentWeights, OfKerasAreTurnedAndGetASecondBiasOfZeros) {
  const StateDict file{{"embedding/embeddings", ramp({7, 2})},
                       {"lstm/lstm_cell/kernel", ramp({2, 4})},
                       {"lstm/lstm_cell/recurrent_kernel", ramp({1, 4}, 10)},
                       {"lstm/lstm_cell/bias", ramp({4}, 20)}};
  const RecurrentWeights found = read(file).value();
  EXPECT_EQ(numbers(found.parameters.at("rnn.0.weight")), (std::vector<float>{0, 4, 3, 7, 1, 5, 2, 6}));
  EXPECT_EQ(numbers(found.parameters.at("rnn.0.bias")), (std::vector<float>{20, 23, 21, 22, 0, 0, 0, 0}));
}

TEST(RecurrentWeights, OfCudnnAreMatricesGateByGate) {
  // Keras's own conversion (preprocess_weights_for_loading): K^T of a gate's kernel K, read into K's shape by columns.
  const StateDict file{{"embedding/embeddings", ramp({7, 2})},
                       {"rnn/kernel", ramp({2, 8})},
                       {"rnn/recurrent_kernel", ramp({2, 8}, 100)},
                       {"rnn/bias", ramp({16}, 20)}};
  const RecurrentWeights found = read(file).value();
  EXPECT_EQ(numbers(found.parameters.at("rnn.0.weight")),
            (std::vector<float>{0, 1, 8, 9, 6, 7, 14, 15, 2, 3, 10, 11, 4, 5, 12, 13}));
  EXPECT_EQ(numbers(found.parameters.at("rnn.0.recurrent"))[1], 101);
  EXPECT_EQ(numbers(found.parameters.at("rnn.0.bias")),
            (std::vector<float>{20, 21, 26, 27, 22, 23, 24, 25, 28, 29, 34, 35, 30, 31, 32, 33}));
}

TEST(RecurrentWeights, OfAFileWithoutLayersOrWordsAreNone) {
  EXPECT_FALSE(read({{"fc.weight", ramp({3, 1})}}));
  StateDict speech = torch_file();
  speech.erase("emb.weight");
  EXPECT_FALSE(read(speech)) << "features go in, not words";
}

TEST(RecurrentWeights, AreRefusedWhereALayerIsNotWhole) {
  StateDict file = torch_file();
  file.erase("lstm.weight_ih_l0");
  expect_says(refused_weights(file), ErrorKind::weights, "no weight_ih");
  file = torch_file();
  file.erase("lstm.bias_hh_l0");
  expect_says(refused_weights(file), ErrorKind::weights, "bias missing");
  file = torch_file();
  file.set("lstm.weight_hr_l0", ramp({1, 1}));
  expect_says(refused_weights(file), ErrorKind::weights, "projection");
  file = torch_file();
  file.set("lstm.weight_hh_l0", ramp({4, 3}));
  expect_says(refused_weights(file), ErrorKind::weights, "'lstm l0'");
  file = torch_file();
  file.set("lstm.weight_ih_l1", ramp({4, 5}));
  file.set("lstm.weight_hh_l1", ramp({4, 1}));
  expect_says(refused_weights(file), ErrorKind::weights, "takes 5 features");
  file.set("lstm.weight_ih_l1_reverse", ramp({4, 5}));
  file.set("lstm.weight_hh_l1_reverse", ramp({8, 2}));
  expect_says(refused_weights(file), ErrorKind::weights, "weight_hh");
}

TEST(RecurrentWeights, AreRefusedWithOtherActivationsThanTheUsualOnes) {
  WeightFile file;
  file.tensors = {{"embedding/embeddings", ramp({7, 2})},
                  {"lstm/lstm_cell/kernel", ramp({2, 4})},
                  {"lstm/lstm_cell/recurrent_kernel", ramp({1, 4})}};
  const auto with = [&](const std::string& options) {
    file.metadata["model_config"] =
        R"({"config": {"layers": [{"class_name": "LSTM", "config": {"name": "lstm", )" + options + "}}]}}";
    return thrown_by([&] { (void)recurrent_weights(file, "some.h5"); });
  };
  expect_says(with(R"("recurrent_activation": "hard_sigmoid")"), ErrorKind::weights, "hard_sigmoid");
  expect_says(with(R"("activation": "relu")"), ErrorKind::weights, "relu");
  expect_says(with(R"("go_backwards": true)"), ErrorKind::weights, "go_backwards");
  file.metadata["model_config"] = "{}";
  EXPECT_TRUE(recurrent_weights(file, "some.h5")->notes.empty());
  file.metadata.erase("model_config");
  EXPECT_EQ(recurrent_weights(file, "some.weights.h5")->notes.size(), 1U) << "says what it assumes";
}

class KerasFile : public ::testing::TestWithParam<const char*> {};

TEST_P(KerasFile, IsReadWhateverItsOrder) {
  const std::string path = std::string(ENXERTO_TEST_DATA "/weights/keras/") + GetParam();
  const RecurrentWeights found = recurrent_weights(read_weights(path), path).value();
  ASSERT_EQ(found.config.layers.size(), 2U);
  EXPECT_TRUE(found.config.layers[0].bidirectional);
  EXPECT_EQ(found.config.layers[1].hidden, 3);
  // The n-th tensor begins with 100 n: forward kernel 1, backward kernel 4, the second layer's 7.
  EXPECT_EQ(found.parameters.at("rnn.0.weight").as<float>()[0], 100);
  EXPECT_EQ(found.parameters.at("rnn.0.weight").as<float>()[8 * 6], 400);
  EXPECT_EQ(found.parameters.at("rnn.1.weight").as<float>()[0], 700);
  EXPECT_EQ(found.parameters.at("rnn.1.bias").as<float>()[1], 901);
  EXPECT_EQ(found.left_out, std::vector<std::string>{"answer"});
}

INSTANTIATE_TEST_SUITE_P(Every, KerasFile, ::testing::Values("recurrent.keras", "recurrent.weights.h5"));

TEST(RecurrentBackbone, TakesTheTokenizerBesideItsFile) {
  const TemporaryDirectory folder;
  write_safetensors(folder / "net.safetensors", torch_file());
  const std::string path = (folder / "net.safetensors").string();
  expect_says(thrown_by([&] { (void)load_backbone(path); }), ErrorKind::weights, "no tokenizer");
  std::ofstream(folder / "net_vocab.json") << R"({"a": 1, "b": 2, "<s>": 6})";
  const Backbone backbone = load_backbone(path);
  EXPECT_EQ(backbone.spec.name, "net");
  EXPECT_EQ(backbone.pool, "last_avg_max");
  EXPECT_EQ(backbone.graph.stages(), (std::vector<std::string>{"embeddings", "rnn0"}));
  EXPECT_EQ(backbone.left_out, std::vector<std::string>{"fc"});
  std::ofstream(folder / "net_vocab.json") << R"({"a": 1, "b": 7})";
  expect_says(thrown_by([&] { (void)load_backbone(path); }), ErrorKind::weights, "7");
}

}  // namespace
}  // namespace enxerto
