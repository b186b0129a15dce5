#include <gtest/gtest.h>

#include "enxerto/weights/keras/layer_class.h"
#include "enxerto/weights/keras/layer_variables.h"
#include "enxerto/weights/keras/legacy_names.h"
#include "enxerto/weights/keras/model_config.h"

namespace enxerto {
namespace {

TEST(KerasNames, ClassesAreWrittenInSnakeCaseAsKerasDoes) {
  // As keras.src.utils.naming.to_snake_case gives them.
  const std::pair<const char*, const char*> kCases[] = {{"Conv2D", "conv2d"},
                                                        {"Conv2DTranspose", "conv2d_transpose"},
                                                        {"DepthwiseConv2D", "depthwise_conv2d"},
                                                        {"PReLU", "p_re_lu"},
                                                        {"BatchNormalization", "batch_normalization"},
                                                        {"LSTMCell", "lstm_cell"},
                                                        {"GRU", "gru"},
                                                        {"LayerScale", "layer_scale"},
                                                        {"My Layer!", "my_layer"},
                                                        {"ABCDef", "abc_def"},
                                                        {"", ""},
                                                        {"MultiHeadAttention", "multi_head_attention"}};
  for (const auto& [name, expected] : kCases) EXPECT_EQ(snake_case(name), expected);
}

TEST(KerasNames, ANumberBehindANameIsTakenApart) {
  EXPECT_EQ(numbered("conv2d_12").base, "conv2d");
  EXPECT_EQ(numbered("conv2d_12").number, 12U);
  EXPECT_EQ(numbered("conv2d").base, "conv2d");
  EXPECT_EQ(numbered("layer_norm").base, "layer_norm");
  EXPECT_EQ(numbered("a_").base, "a_");
}

TEST(KerasNames, LegacyNamesLoseTheModelTheScopeAndTheOutput) {
  EXPECT_EQ(legacy_variable_name("conv1", "conv1/kernel:0"), "conv1/kernel");
  EXPECT_EQ(legacy_variable_name("dense", "sequential/dense/bias"), "dense/bias");
  EXPECT_EQ(legacy_variable_name("conv1/conv", "conv1/conv/kernel:0"), "conv1/conv/kernel");
  EXPECT_EQ(legacy_variable_name("conv1", "conv1_b_1:0"), "conv1/bias");
  EXPECT_EQ(legacy_variable_name("bn", "bn_running_mean_1"), "bn/moving_mean");
  EXPECT_EQ(legacy_variable_name("vgg16", "block1_conv1/kernel:0"), "vgg16/block1_conv1/kernel");
  EXPECT_EQ(legacy_variable_name("lstm", "lstm/lstm_cell/recurrent_kernel"), "lstm/lstm_cell/recurrent_kernel");
  EXPECT_EQ(legacy_variable_name("a", "ba/kernel"), "a/ba/kernel");
}

TEST(KerasNames, VariablesOfANestedModelAreKeptTogetherByLayer) {
  const auto variables = legacy_variables("inner", {"conv/kernel", "bn/gamma", "conv2/kernel", "bn/moving_mean"});
  ASSERT_EQ(variables.size(), 4U);
  EXPECT_EQ(variables[1].name, "inner/bn/gamma");
  EXPECT_EQ(variables[2].name, "inner/bn/moving_mean");
  EXPECT_EQ(variables[2].weight, 3U);
  EXPECT_EQ(variables[3].name, "inner/conv2/kernel");
}

std::optional<std::vector<std::string>> named(std::string_view kind, std::size_t count,
                                              const KerasLayer* config = nullptr, DType dtype = DType::f32) {
  const Tensor tensor = TensorBuffer(dtype, {1}).freeze();
  const std::vector<Hdf5Tensor> tensors(count, {.name = "", .tensor = tensor});
  std::vector<const Hdf5Tensor*> pointers;
  for (const Hdf5Tensor& one : tensors) pointers.push_back(&one);
  return variable_names(kind, config, pointers);
}

TEST(KerasNames, VariablesAreNamedByTheirNumberWhereTheClassTellsThem) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(named("conv2d", 1), Names{"kernel"});
  EXPECT_EQ(named("depthwise_conv2d", 2), (Names{"depthwise_kernel", "bias"}));
  EXPECT_EQ(named("batch_normalization", 4), (Names{"gamma", "beta", "moving_mean", "moving_variance"}));
  EXPECT_EQ(named("batch_normalization", 3), (Names{"beta", "moving_mean", "moving_variance"}));
  EXPECT_EQ(named("batch_normalization", 2), (Names{"moving_mean", "moving_variance"}));
  EXPECT_EQ(named("layer_normalization", 2), (Names{"gamma", "beta"}));
  KerasLayer config;
  config.center = false;
  EXPECT_EQ(named("batch_normalization", 3, &config), (Names{"gamma", "moving_mean", "moving_variance"}));
  EXPECT_EQ(named("layer_normalization", 1, &config), Names{"gamma"});
}

TEST(KerasNames, VariablesKeepTheirNumbersWhereTheyCannotBeTold) {
  EXPECT_EQ(named("my_layer", 2), std::nullopt);
  EXPECT_EQ(named("conv2d", 3), std::nullopt);
  EXPECT_EQ(named("separable_conv2d", 1), std::nullopt);
  EXPECT_EQ(named("layer_normalization", 1), std::nullopt);
  EXPECT_EQ(named("batch_normalization", 7), std::nullopt);
  EXPECT_EQ(named("dense", 2, nullptr, DType::i8), std::nullopt);  // quantised
  KerasLayer config;
  EXPECT_EQ(named("batch_normalization", 3, &config), std::nullopt);  // says that it has gamma and beta
}

TEST(KerasNames, TheConfigurationGivesLayersTheNamesThatTheyAreSavedUnder) {
  const auto model = parse_model_config(R"({"class_name": "Functional", "config": {"name": "m", "layers": [
      {"class_name": "Conv2D", "config": {"name": "first"}},
      {"class_name": "Conv2D", "config": {"name": "second"}},
      {"class_name": "BatchNormalization", "config": {"name": "bn", "scale": false}},
      {"class_name": "TimeDistributed", "config": {"name": "td", "layer": {"class_name": "Dense", "config": {"name": "d"}}}},
      {"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "old"}}]}]}})");
  ASSERT_TRUE(model.has_value());
  ASSERT_EQ(model->layers.size(), 5U);
  EXPECT_EQ(model->layers[1].component, "conv2d_1");
  EXPECT_EQ(model->layers[1].name, "second");
  EXPECT_FALSE(model->layers[2].scale);
  EXPECT_EQ(model->layers[3].wrapped.at(0).kind, "dense");
  EXPECT_EQ(model->layers[4].layers.at(0).name, "old");
  EXPECT_FALSE(parse_model_config("[1, 2]").has_value());
  EXPECT_FALSE(parse_model_config("{\"class_name\": Infinity}").has_value());
}

}  // namespace
}  // namespace enxerto
