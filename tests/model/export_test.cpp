#include "enxerto/model/model.h"

#include <gtest/gtest.h>

#include "enxerto/onnx/import.h"
#include "tests/bundle/tiny_bundle.h"

namespace enxerto {
namespace {

using testing::color_bundle;
using testing::slurp;
using testing::TemporaryDirectory;

TEST(ExportOnnx, CarriesLabelsAndPreprocessing) {
  const TemporaryDirectory place;
  Model(color_bundle()).export_onnx(place.path() / "model.onnx");
  const std::string bytes = slurp(place.path() / "model.onnx");
  for (const char* part : {"enxerto.labels", R"(["red","green","blue"])", "enxerto.preprocess", "classification",
                           "probabilities", "Softmax"}) {
    EXPECT_NE(bytes.find(part), std::string::npos) << part;
  }
}

TEST(ExportOnnx, CallsNumbersValuesAndNotProbabilities) {
  const TemporaryDirectory place;
  const Model model{testing::value_bundle()};
  model.export_onnx(place.path() / "model.onnx");
  const OnnxModel read = read_onnx(place.path() / "model.onnx");
  ASSERT_EQ(read.graph.outputs.size(), 1U);
  EXPECT_EQ(read.graph.outputs[0].name, "values");
}

TEST(ExportOnnx, PutsTheParametersBesideWhenAsked) {
  const TemporaryDirectory place;
  Bundle bundle = color_bundle();
  bundle.labels.assign(400, "x");
  bundle.graph.outputs[0].shape[1] = 400;
  bundle.graph.parameters.set("head.weight", Tensor::copied(DType::f32, {400, 3}, std::vector<std::byte>(400 * 3 * 4)));
  bundle.graph.parameters.set("head.bias", Tensor::copied(DType::f32, {400}, std::vector<std::byte>(400 * 4)));
  Model(bundle).export_onnx(place.path() / "model.onnx", true);
  EXPECT_GE(std::filesystem::file_size(place.path() / "model.onnx.data"), 400U * 3 * 4);
}

TEST(ExportOnnx, AFullOrClosedDiskIsADiskError) {
  try {
    Model(color_bundle()).export_onnx("/proc/model.onnx");
    FAIL() << "wrote below /proc";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::disk);
  }
}

}  // namespace
}  // namespace enxerto
