#include "enxerto/onnx/export.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

/// One dense layer whose weight (64, 64) is large enough to be outside.
Graph dense() {
  GraphBuilder net("dense");
  const std::string x = net.input("input", {"batch", 64});
  net.stage("head");
  net.output(net.linear(x, "fc", 64), "y");
  const Blueprint blueprint = std::move(net).finish();
  return blueprint.fill(ramp_weights(blueprint));
}

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "enxerto_XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string raw(const Tensor& tensor) { return {reinterpret_cast<const char*>(tensor.data()), tensor.byte_size()}; }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(OnnxExport, GivesTheSameBytesForTheSameGraph) {
  EXPECT_EQ(to_onnx_bytes(small_network()), to_onnx_bytes(small_network()));
}

TEST(OnnxExport, HoldsParametersStagesAndMetadata) {
  const Graph graph = dense();
  const std::string bytes =
      to_onnx_bytes(graph, {.parameters = OnnxParameters::inside, .metadata = {{"labels", "cat\ndog"}}});
  EXPECT_TRUE(has(bytes, raw(graph.parameters.at("fc.weight"))));
  for (const char* part :
       {"enxerto", "fc.weight", "Gemm", "transB", "enxerto.stage", "head", "labels", "cat\ndog", "batch"}) {
    EXPECT_TRUE(has(bytes, part)) << part;
  }
}

TEST(OnnxExport, ByAddressPointsAtTheTensor) {
  const Graph graph = dense();
  const Tensor& weight = graph.parameters.at("fc.weight");
  const std::string bytes = to_onnx_bytes(graph, {.parameters = OnnxParameters::by_address, .metadata = {}});
  EXPECT_FALSE(has(bytes, raw(weight)));
  EXPECT_TRUE(has(bytes, "*/_ORT_MEM_ADDR_/*"));
  EXPECT_TRUE(has(bytes, std::to_string(reinterpret_cast<std::uintptr_t>(weight.data()))));
  EXPECT_TRUE(has(bytes, std::to_string(weight.byte_size())));
  EXPECT_TRUE(has(bytes, raw(graph.parameters.at("fc.bias")))) << "small tensors are inside";
}

TEST(OnnxExport, WritesOneFileThatIsTheBytes) {
  const Folder folder;
  write_onnx(dense(), folder.path() / "model.onnx", {.external = false, .metadata = {{"a", "b"}}});
  EXPECT_EQ(read(folder.path() / "model.onnx"),
            to_onnx_bytes(dense(), {.parameters = OnnxParameters::inside, .metadata = {{"a", "b"}}}));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "model.onnx.data"));
}

TEST(OnnxExport, WritesParametersBeside) {
  const Folder folder;
  const Graph graph = dense();
  write_onnx(graph, folder.path() / "model.onnx", {.external = true, .metadata = {}});
  const std::string model = read(folder.path() / "model.onnx");
  EXPECT_TRUE(has(model, "model.onnx.data"));
  EXPECT_FALSE(has(model, folder.path().string())) << "the location is relative";
  EXPECT_FALSE(has(model, raw(graph.parameters.at("fc.weight"))));
  EXPECT_EQ(read(folder.path() / "model.onnx.data"), raw(graph.parameters.at("fc.weight")));
}

TEST(OnnxExport, PutsEachTensorBesideOnAPageOfItsOwn) {
  const Folder folder;
  Graph graph = dense();
  const Tensor more = Tensor::of<float>({64, 64}, std::vector<float>(4096, 3.0F));
  graph.nodes.push_back({"second", "MatMul", "head", {"y", "w"}, {"z"}, {}});
  graph.outputs[0].name = "z";
  graph.parameters.set("w", more);
  graph.parameters.set("fc.weight", Tensor::of<float>({65, 64}, std::vector<float>(65 * 64, 2.0F)));
  write_onnx(graph, folder.path() / "m.onnx", {.external = true, .metadata = {}});
  const std::string data = read(folder.path() / "m.onnx.data");
  ASSERT_EQ(data.size(), 20480U + more.byte_size());
  EXPECT_EQ(data.substr(20480), raw(more));
}

TEST(OnnxExport, RefusesAGraphThatIsNotWellFormed) {
  Graph graph = dense();
  graph.outputs[0].name = "nothing";
  EXPECT_THROW(to_onnx_bytes(graph), Error);
}

TEST(OnnxExport, SaysToUseExternalDataAboveTwoGigabytes) {
  Graph graph = dense();
  // A tensor of 3 GB that is never read: only its size is asked for.
  static const std::byte nowhere{};
  const std::shared_ptr<const std::byte> data(&nowhere, [](const std::byte*) {});
  graph.parameters.set("fc.weight", Tensor(DType::f32, {64, 12'000'000}, data));
  try {
    to_onnx_bytes(graph);
    FAIL() << "exported";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(error.text().tip.find("external"), std::string::npos);
  }
  EXPECT_LT(to_onnx_bytes(graph, {.parameters = OnnxParameters::by_address, .metadata = {}}).size(), 100'000U);
}

TEST(OnnxExport, LeavesNoFileWhereTheFolderIsMissing) {
  const Folder folder;
  EXPECT_THROW(write_onnx(dense(), folder.path() / "no" / "model.onnx"), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace enxerto
