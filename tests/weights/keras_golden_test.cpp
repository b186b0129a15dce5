#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "enxerto/files/atomic_write.h"
#include "enxerto/weights/read_weights.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

/// Files that tools/golden/keras_files.py made with Keras and h5py.
std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(ENXERTO_TEST_DATA) / "weights/keras" / name;
}

struct Named {
  std::string name;
  Shape shape;
};

/// The tensors of the network in the order of its layers; the n-th holds 100 n, 100 n + 1, ..
const std::vector<Named> kNetwork = {{"inner/conv/kernel", {3, 3, 1, 2}},
                                     {"inner/conv/bias", {2}},
                                     {"inner/conv_bn/gamma", {2}},
                                     {"inner/conv_bn/beta", {2}},
                                     {"inner/conv_bn/moving_mean", {2}},
                                     {"inner/conv_bn/moving_variance", {2}},
                                     {"bn/beta", {2}},
                                     {"bn/moving_mean", {2}},
                                     {"bn/moving_variance", {2}},
                                     {"dw/depthwise_kernel", {2, 2, 2, 1}},
                                     {"dw/bias", {2}},
                                     {"sep/depthwise_kernel", {1, 1, 2, 1}},
                                     {"sep/pointwise_kernel", {1, 1, 2, 3}},
                                     {"head/kernel", {3, 2}},
                                     {"head/bias", {2}}};

std::vector<std::string> names_of(const WeightFile& file) {
  std::vector<std::string> names;
  for (const auto& entry : file.tensors) names.push_back(entry.first);
  return names;
}

std::vector<std::string> names_of_network() {
  std::vector<std::string> names;
  for (const Named& named : kNetwork) names.push_back(named.name);
  return names;
}

void expect_ramp(const Tensor& tensor, float start) {
  const Tensor floats = tensor.to_float32();
  for (std::size_t i = 0; i < floats.size(); ++i) ASSERT_EQ(floats.as<float>()[i], start + static_cast<float>(i));
}

bool is_noted(const WeightFile& file, const std::string& part) {
  return std::ranges::any_of(file.notes, [&](const std::string& note) { return note.find(part) != note.npos; });
}

struct Format {
  std::string file, format;
};

class EveryFormat : public testing::TestWithParam<Format> {};

TEST_P(EveryFormat, GivesTheSameNamesShapesAndValues) {
  const WeightFile file = read_weights(golden(GetParam().file));
  EXPECT_EQ(file.format, GetParam().format);
  EXPECT_EQ(file.tensors.size(), kNetwork.size());
  EXPECT_EQ(file.file_bytes, std::filesystem::file_size(golden(GetParam().file)));
  for (std::size_t i = 0; i < kNetwork.size(); ++i) {
    SCOPED_TRACE(kNetwork[i].name);
    const Tensor& tensor = file.tensors.at(kNetwork[i].name);
    EXPECT_EQ(tensor.shape(), kNetwork[i].shape);
    EXPECT_EQ(tensor.dtype(), DType::f32);
    expect_ramp(tensor, static_cast<float>(100 * i));
  }
  EXPECT_TRUE(is_noted(file, "the optimizer's variables were ignored"));
}

INSTANTIATE_TEST_SUITE_P(Keras, EveryFormat,
                         testing::Values(Format{"network.h5", "Keras HDF5"},
                                         Format{"network.weights.h5", "Keras 3 weights"},
                                         Format{"network.keras", "Keras archive"}));

TEST(KerasFile, KeepsTheOrderOfLayersWhereTheFormatStoresIt) {
  EXPECT_EQ(names_of(read_weights(golden("network.h5"))), names_of_network());
  EXPECT_EQ(names_of(read_weights(golden("network.keras"))), names_of_network());
  const auto by_class = names_of(read_weights(golden("network.weights.h5")));
  EXPECT_EQ(by_class.front(), "bn/beta");
  EXPECT_EQ(by_class.back(), "sep/pointwise_kernel");
}

TEST(KerasFile, TellsTheVersionAndTheConfigurationOfTheModel) {
  for (const char* const name : {"network.h5", "network.keras"}) {
    const WeightFile file = read_weights(golden(name));
    EXPECT_TRUE(file.metadata.at("keras_version").starts_with("3.")) << name;
    EXPECT_NE(file.metadata.at("model_config").find("\"SeparableConv2D\""), std::string::npos) << name;
  }
}

TEST(KerasFile, JoinsAttributesThatAreSplit) {
  const WeightFile file = read_weights(golden("split.h5"));
  std::vector<std::string> names = names_of_network();
  std::ranges::replace(names, "dw/depthwise_kernel", "dw/kernel");  // without a configuration classes are not known
  EXPECT_EQ(names_of(file), names);
  for (std::size_t i = 0; i < names.size(); ++i) expect_ramp(file.tensors.at(names[i]), static_cast<float>(100 * i));
}

TEST(KerasFile, NamesWhatOlderKerasWroteAsTodaysDoes) {
  const WeightFile file = read_weights(golden("published.h5"));
  const std::vector<std::string> expected = {"block1_conv1/kernel",
                                             "block1_conv1/bias",
                                             "bn_1/moving_variance",
                                             "conv1/conv/kernel",
                                             "expanded_conv_depthwise/depthwise_kernel",
                                             "fc/kernel",
                                             "fc/bias",
                                             "vgg/vgg_1/kernel",
                                             "vgg/top/kernel",
                                             "stage_0_layer_scale/gamma"};
  EXPECT_EQ(names_of(file), expected);
  EXPECT_EQ(file.metadata.at("keras_version"), "2.0.6");
  for (const auto& entry : file.tensors) expect_ramp(entry.second, 0);
}

TEST(KerasFile, ReadsEveryTypeAndLayoutOfNumbers) {
  const WeightFile file = read_weights(golden("types.weights.h5"));
  const std::pair<const char*, DType> kTypes[] = {
      {"f64", DType::f64},        {"f32", DType::f32},        {"f16", DType::f16},     {"bf16", DType::bf16},
      {"i64", DType::i64},        {"i32", DType::i32},        {"i16", DType::i16},     {"i8", DType::i8},
      {"u64", DType::u64},        {"u32", DType::u32},        {"u16", DType::u16},     {"u8", DType::u8},
      {"big_f32", DType::f32},    {"big_i64", DType::i64},    {"compact", DType::f32}, {"chunked", DType::f32},
      {"packed_f64", DType::f64}, {"packed_f16", DType::f16},
  };
  for (const auto& [name, dtype] : kTypes) {
    SCOPED_TRACE(name);
    const Tensor& tensor = file.tensors.at(std::string("mine/") + name);
    EXPECT_EQ(tensor.dtype(), dtype);
    EXPECT_EQ(tensor.shape(), tensor.size() == 6 ? (Shape{2, 3}) : (Shape{7, 5}));
    expect_ramp(tensor, 0);
  }
  EXPECT_TRUE(
      identical(file.tensors.at("mine/boolean"), Tensor::of<bool>({2, 3}, {false, true, true, true, true, false})));
  EXPECT_TRUE(identical(file.tensors.at("mine/scalar"), Tensor::scalar(7.0F)));
  EXPECT_EQ(file.tensors.at("mine/empty").shape(), (Shape{0, 5}));
  EXPECT_FALSE(file.tensors.contains("mine/text"));
}

TEST(KerasFile, IsReadFromMemoryToo) {
  for (const char* const name : {"network.h5", "network.keras"}) {
    std::ifstream stream(golden(name), std::ios::binary);
    const auto text =
        std::make_shared<const std::string>(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    const WeightFile file = read_weights(std::as_bytes(std::span(*text)), text, "memory");
    EXPECT_EQ(names_of(file), names_of_network());
    expect_ramp(file.tensors.at("head/bias"), 1400);
  }
}

TEST(KerasFile, IsRefusedWhereItIsCutOff) {
  const Scratch scratch;
  for (const char* const name : {"network.h5", "network.weights.h5", "network.keras", "types.weights.h5"}) {
    std::ifstream stream(golden(name), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    for (const std::size_t part : {std::size_t{9}, text.size() / 4, text.size() / 2, text.size() - 1}) {
      write_atomically(scratch / "cut", text.substr(0, part));
      const Error error = thrown_by([&] { read_weights(scratch / "cut"); });
      expect_says(error, ErrorKind::weights, "cut: ");
    }
  }
}

TEST(KerasFile, IsRefusedWhereItMakesTheLibraryReadBeyondItsMemory) {
  // HDF5 1.10 crashes on it; a later one may see what is wrong.
  expect_says(thrown_by([] { read_weights(golden("bad_heap.h5")); }), ErrorKind::weights, "bad_heap.h5: ");
}

struct Hostile {
  std::string file, says;
};

class Refused : public testing::TestWithParam<Hostile> {};

TEST_P(Refused, SaysWhatIsWrong) {
  const Error error = thrown_by([] { read_weights(golden(GetParam().file)); });
  expect_says(error, ErrorKind::weights, GetParam().file + ": ");
  expect_says(error, ErrorKind::weights, GetParam().says);
  EXPECT_FALSE(error.text().tip.empty());
  EXPECT_FALSE(error.text().expected.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Keras, Refused,
    testing::Values(Hostile{"external_link.h5", "an external link, to another file, at 'layers/dense/vars/0'"},
                    Hostile{"soft_link.h5", "a soft link at 'layers/dense/vars/0'"},
                    Hostile{"external_storage.h5", "in another file (external storage)"},
                    Hostile{"virtual.h5", "the virtual data set 'layers/dense/vars/0'"},
                    Hostile{"huge.h5", "declares 4000000000000000 bytes in 'layers/dense/vars/0' and stores 0"},
                    Hostile{"huge_chunks.h5", "declares 4000000000000000 bytes"},
                    Hostile{"overflowing.h5", "more elements in 'layers/dense/vars/0' than any memory can hold"},
                    Hostile{"missing_chunk.h5", "stores 1 chunks of 'layers/dense/vars/0'; expected 2"},
                    Hostile{"lzf.h5", "packed by the filter 32000 lzf"}, Hostile{"circle.h5", "under two names"},
                    Hostile{"bad_chunk.h5", "has a compressed data set that cannot be decompressed"},
                    Hostile{"no_layer_names.h5", "without Keras's attribute layer_names"},
                    Hostile{"absent_weight.h5", "lists the weight 'fc/kernel:0' of 'fc' but has no numbers for it"}));

}  // namespace
}  // namespace enxerto
