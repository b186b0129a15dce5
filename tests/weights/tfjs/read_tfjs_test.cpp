#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "enxerto/files/atomic_write.h"
#include "enxerto/files/read.h"
#include "enxerto/weights/read_weights.h"
#include "enxerto/weights/tfjs/tfjs.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

/// Files that tools/golden/tfjs_files.py made.
std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(ENXERTO_TEST_DATA) / "weights/tfjs" / name;
}

std::vector<float> values(const Tensor& tensor) {
  const Tensor floats = tensor.to_float32();
  const auto span = floats.as<float>();
  return {span.begin(), span.end()};
}

std::vector<std::string> names(const WeightFile& file) {
  std::vector<std::string> found;
  for (const auto& entry : file.tensors) found.push_back(entry.first);
  return found;
}

TEST(Tfjs, ReadsALayersModelInTheOrderOfItsLayers) {
  const WeightFile file = read_weights(golden("layers/model.json"));
  EXPECT_EQ(file.format, "TF.js layers model");
  EXPECT_EQ(names(file), (std::vector<std::string>{"base/stem/kernel", "base/batch/gamma", "base/batch/beta",
                                                   "dense/kernel", "dense/bias"}));
  EXPECT_EQ(file.metadata.at("convertedBy"), "TensorFlow.js Converter v4.22.0");
  EXPECT_EQ(file.tensor_bytes, 31U * 4);
  EXPECT_EQ(file.file_bytes, std::filesystem::file_size(golden("layers/model.json")) + file.tensor_bytes);
  EXPECT_TRUE(file.notes.empty());
}

TEST(Tfjs, JoinsWeightsThatLieAcrossShards) {
  const WeightFile file = read_weights(golden("layers/model.json"));
  EXPECT_EQ(file.tensors.at("base/stem/kernel").shape(), (Shape{3, 3, 1, 2}));
  std::vector<float> ramp;
  for (int i = 0; i < 18; ++i) ramp.push_back(static_cast<float>(i));
  EXPECT_EQ(values(file.tensors.at("base/stem/kernel")), ramp);
  EXPECT_EQ(values(file.tensors.at("base/batch/beta")), (std::vector<float>{10, 11}));
  EXPECT_EQ(values(file.tensors.at("dense/bias")), (std::vector<float>{0, 1, 2}));
}

TEST(Tfjs, ReadsAGraphModelWithItsTypesAndNames) {
  const WeightFile file = read_weights(golden("graph/model.json"));
  EXPECT_EQ(file.format, "TF.js graph model");
  EXPECT_EQ(names(file).front(), "model/Const");
  EXPECT_EQ(file.tensors.at("model/Const").shape(), Shape{});
  EXPECT_EQ(file.tensors.at("model/flags").dtype(), DType::boolean);
  EXPECT_EQ(values(file.tensors.at("model/flags")), (std::vector<float>{1, 0}));
  EXPECT_EQ(file.tensors.at("model/axes").as<std::int32_t>()[1], 1);
  EXPECT_EQ(file.tensors.at("model/empty").shape(), (Shape{0, 4}));
  EXPECT_EQ(values(file.tensors.at("model/conv")), (std::vector<float>{0, 1, 2, 3}));
}

TEST(Tfjs, ReadsAManifestFromBeforeModelJson) {
  const WeightFile file = read_weights(golden("manifest/weights_manifest.json"));
  EXPECT_EQ(file.format, "TF.js weights");
  EXPECT_EQ(names(file), (std::vector<std::string>{"dense/kernel", "dense/bias"}));
}

class Quantised : public testing::TestWithParam<std::pair<std::string, double>> {};

TEST_P(Quantised, IsRestoredAsTensorFlowJsRestoresIt) {
  const WeightFile file = read_weights(golden(GetParam().first + "/model.json"));
  const Tensor& kernel = file.tensors.at("base/stem/kernel");
  ASSERT_EQ(kernel.dtype(), DType::f32);
  for (int i = 0; i < 18; ++i) {
    const double scale = GetParam().second > 0 ? 17.0 / GetParam().second : 1;
    EXPECT_EQ(kernel.as<float>()[static_cast<std::size_t>(i)], static_cast<float>(std::round(i / scale) * scale));
  }
  EXPECT_EQ(values(file.tensors.at("dense/mask")), (std::vector<float>{0, 1, 2}));
  const Tensor* const integers = file.tensors.find("dense/kernel");
  if (integers != nullptr) {
    EXPECT_EQ(integers->dtype(), DType::i32);
    EXPECT_EQ(values(*integers), (std::vector<float>{0, 1, 2, 3, 4, 5}));
  }
  ASSERT_EQ(file.notes.size(), 1U);
  EXPECT_EQ(file.notes[0], integers != nullptr ? "restored 2 of 3 tensors from quantised values"
                                               : "restored 1 of 2 tensors from quantised values");
}

INSTANTIATE_TEST_SUITE_P(Types, Quantised,
                         testing::Values(std::pair<std::string, double>{"uint8", 255},
                                         std::pair<std::string, double>{"uint16", 65535},
                                         std::pair<std::string, double>{"float16", 0}));

TEST(Tfjs, SharesTheShardsBytes) {
  const auto shard = std::make_shared<const std::vector<float>>(std::vector<float>{1, 2, 3});
  const TfjsShardSource source = [&](const std::string&) {
    return TfjsShard{{shard, reinterpret_cast<const std::byte*>(shard->data())}, 12};
  };
  const WeightFile file =
      read_tfjs(R"([{"paths":["a"],"weights":[{"name":"w","shape":[3],"dtype":"float32"}]}])", source, "memory");
  EXPECT_EQ(file.tensors.at("w").data(), reinterpret_cast<const std::byte*>(shard->data()));
}

/// A layers model of one weight of two floats, with one thing changed.
class TfjsFolder {
 public:
  TfjsFolder() { write_shard(8); }
  void write_shard(std::size_t bytes) { write_atomically(scratch_ / "a.bin", std::string(bytes, 'x')); }
  Error read(const std::string& manifest) {
    write_atomically(scratch_ / "model.json", manifest);
    return thrown_by([&] { read_weights(scratch_ / "model.json"); });
  }
  Error read(const std::string& path, const std::string& weights) {
    return read(R"({"weightsManifest": [{"paths": [")" + path + R"("], "weights": [)" + weights + "]}]}");
  }

 private:
  Scratch scratch_;
};

constexpr const char* kTwoFloats = R"({"name": "w", "shape": [2], "dtype": "float32"})";

TEST(Tfjs, RefusesShardsThatAreMissingShortOrLong) {
  TfjsFolder folder;
  expect_says(folder.read("b.bin", kTwoFloats), ErrorKind::weights, "names the shard 'b.bin', which is missing");
  for (const std::size_t bytes : {0, 7, 9}) {
    folder.write_shard(bytes);
    const Error error = folder.read("a.bin", kTwoFloats);
    expect_says(error, ErrorKind::weights, "has " + std::to_string(bytes) + " bytes in the shard 'a.bin'");
    expect_says(error, ErrorKind::weights, "the 8 bytes that its 1 weights declare");
  }
}

TEST(Tfjs, RefusesShardsOutsideOfTheFolder) {
  TfjsFolder folder;
  for (const std::string path : {"../a.bin", "/etc/passwd", "x/../../a.bin", "", "https://host/a.bin", "..\\\\a.bin"}) {
    expect_says(folder.read(path, kTwoFloats), ErrorKind::weights, "has a shard at '");
  }
  expect_says(folder.read(R"(a.bin", "./a.bin)", kTwoFloats), ErrorKind::weights, "names the shard './a.bin' twice");
}

TEST(Tfjs, RefusesWeightsThatCannotBe) {
  TfjsFolder folder;
  const auto reading = [&](const std::string& weights) { return folder.read("a.bin", weights); };
  const auto weight = [](const std::string& shape, const std::string& type) {
    return R"({"name": "w", "shape": )" + shape + R"(, "dtype": ")" + type + "\"}";
  };
  expect_says(reading(weight("[2]", "complex64")), ErrorKind::weights, "has weight 'w' of the type 'complex64'");
  expect_says(reading(weight("[2]", "string")), ErrorKind::weights, "'string'");
  expect_says(reading(weight("[1000000, 1000000, 1000]", "float32")), ErrorKind::weights, "4000000000000000 bytes");
  expect_says(reading(weight("[4294967296, 4294967296]", "float32")), ErrorKind::weights, "a size that can be stored");
  expect_says(reading(weight("[-2]", "float32")), ErrorKind::weights, "an invalid size");
  expect_says(reading(weight("[1.5]", "float32")), ErrorKind::weights, "an invalid size");
  expect_says(reading(weight("2", "float32")), ErrorKind::weights, "without a shape");
  expect_says(reading(R"({"shape": [2], "dtype": "float32"})"), ErrorKind::weights, "a weight without a name");
  expect_says(reading(std::string(kTwoFloats) + "," + kTwoFloats), ErrorKind::weights, "two weights named 'w'");
  const std::string huge = weight("[2305843009213693951]", "float32");
  std::string many = huge;
  for (const char* const name : {"\"v\"", "\"u\"", "\"t\""}) many += "," + std::string(huge).replace(9, 3, name);
  expect_says(reading(many), ErrorKind::weights, "more bytes than can be counted");
}

TEST(Tfjs, RefusesQuantisationThatCannotBe) {
  TfjsFolder folder;
  const auto reading = [&](const std::string& type, const std::string& quantization) {
    return folder.read(
        "a.bin", R"({"name": "w", "shape": [8], "dtype": ")" + type + R"(", "quantization": )" + quantization + "}");
  };
  expect_says(reading("float32", R"({"dtype": "int4", "min": 0, "scale": 1})"), ErrorKind::weights, "to 'int4'");
  expect_says(reading("float32", R"({"dtype": "uint8", "min": 0})"), ErrorKind::weights, "without 'min' and 'scale'");
  expect_says(reading("float32", R"({"dtype": "uint8", "min": 0, "scale": 1e300})"), ErrorKind::weights, "can hold");
  expect_says(reading("int32", R"({"dtype": "uint8", "min": 0, "scale": 1e9})"), ErrorKind::weights, "can hold");
  expect_says(reading("int32", R"({"dtype": "float16"})"), ErrorKind::weights, "of int32 quantised to 'float16'");
  expect_says(reading("bool", R"({"dtype": "uint8", "min": 0, "scale": 1})"), ErrorKind::weights, "of bool quantised");
  expect_says(reading("float32", "5"), ErrorKind::weights, "quantised to ''");
}

TEST(Tfjs, RefusesWhatIsNoManifest) {
  TfjsFolder folder;
  expect_says(folder.read(R"({"weightsManifest": )"), ErrorKind::weights, "model.json");
  expect_says(folder.read(R"({"weightsManifest": {}})"), ErrorKind::weights, "that is not a list");
  expect_says(folder.read(R"({"weightsManifest": [{"paths": []}]})"), ErrorKind::weights, "without a list 'weights'");
  expect_says(folder.read(R"({"weightsManifest": [{"weights": []}]})"), ErrorKind::weights, "without a list 'paths'");
  expect_says(folder.read(R"({"weightsManifest": []})"), ErrorKind::weights, "names no weights");
  expect_says(folder.read(R"({"weightsManifest": [7]})"), ErrorKind::weights, "without a list 'paths'");
  expect_says(folder.read(R"({"weightsManifest": [{"paths": [7], "weights": []}]})"), ErrorKind::weights,
              "not a string");
  expect_says(folder.read(R"({"x": {"weightsManifest": []}})"), ErrorKind::weights, "has no 'weightsManifest'");
  expect_says(folder.read(R"({"weightsManifest": [], "weightsManifest": []})"), ErrorKind::weights, "model.json");
}

}  // namespace
}  // namespace enxerto
