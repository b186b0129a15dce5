#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "enxerto/base/error.h"
#include "enxerto/onnx/export.h"
#include "enxerto/onnx/import.h"
#include "tests/graph/small_network.h"
#include "tests/onnx/wire.h"

namespace enxerto {
namespace {

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

/// What the error says that reading gives; "" where there is none.
std::string fault(const std::string& bytes, const std::filesystem::path& folder = "") {
  try {
    parse_onnx(std::as_bytes(std::span(bytes)), "m.onnx", folder);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_TRUE(error.text().where.starts_with("m.onnx")) << error.what();
    return error.what();
  }
  return "";
}
std::string fault(const wire::GraphText& text, std::int64_t opset = 20) {
  return fault(wire::model(text, opset).bytes());
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const wire::NodeText kMatMul{.op = "MatMul", .inputs = {"x", "w"}, .outputs = {"y"}};

TEST(HostileOnnx, EachBeginningOfAFileIsRefused) {
  const std::string whole = to_onnx_bytes(small_network());
  for (std::size_t size = 0; size < whole.size() - 8; size += size < 64 ? 1 : 17)
    EXPECT_FALSE(fault(whole.substr(0, size)).empty()) << size;
}

TEST(HostileOnnx, OtherFilesAreRefused) {
  EXPECT_TRUE(has(fault(std::string("PK\x03\x04 a zip")), "not an ONNX model"));
  EXPECT_TRUE(has(fault(std::string("<!DOCTYPE html>")), "not an ONNX model"));
  EXPECT_TRUE(has(fault(std::string()), "not an ONNX model"));
}

TEST(HostileOnnx, OpsetsOutsideOfTheRangeAreRefusedWithTheRange) {
  const wire::GraphText text{.nodes = {{.op = "Relu", .inputs = {"x"}, .outputs = {"y"}}}};
  EXPECT_EQ(fault(text, 7), "");
  EXPECT_EQ(fault(text, 22), "");
  EXPECT_TRUE(has(fault(text, 6), "opset 7 to 22"));
  EXPECT_TRUE(has(fault(text, 23), "opset 7 to 22"));
}

TEST(HostileOnnx, SizesThatCannotBeAreRefusedBeforeAnythingIsAllocated) {
  const std::int64_t huge = std::int64_t{1} << 60;
  EXPECT_TRUE(has(fault({.nodes = {kMatMul}, .initializers = {wire::raw_tensor("w", {huge, huge}, "")}}), "the shape"));
  EXPECT_TRUE(has(fault({.nodes = {kMatMul}, .initializers = {wire::raw_tensor("w", {-1, 4}, "")}}), "the shape"));
  EXPECT_TRUE(has(fault({.nodes = {kMatMul}, .initializers = {wire::raw_tensor("w", {huge}, "")}}), "0 bytes"));
  EXPECT_TRUE(has(fault({.nodes = {kMatMul}, .initializers = {wire::raw_tensor("w", {4, 4}, "123")}}), "3 bytes"));
}

TEST(HostileOnnx, InputsOfUnknownRankAreRefusedAlsoWhereOpenSizesAreTold) {
  const wire::Message shapeless =
      wire::Message().text(1, "x").message(2, wire::Message().message(1, wire::Message().number(1, wire::kFloat)));
  const std::string bytes = wire::model({.nodes = {kMatMul}, .inputs = {shapeless}}, 20).bytes();
  EXPECT_TRUE(has(fault(bytes), "known rank"));
  const Folder folder;
  std::ofstream(folder.path() / "m.onnx", std::ios::binary) << bytes;
  try {
    (void)read_onnx(folder.path() / "m.onnx", [](const auto&) { return SymbolicShape{}; });
    ADD_FAILURE() << "an input without a shape";
  } catch (const Error& error) {
    EXPECT_TRUE(has(error.what(), "known rank")) << error.what();
  }
}

TEST(HostileOnnx, ElementTypesThatAreNotHeldAreRefused) {
  const wire::Message text = wire::Message().number(1, 1).number(2, 8).text(6, "a").text(8, "w");
  EXPECT_TRUE(has(fault({.nodes = {kMatMul}, .initializers = {text}}), "ONNX type 8"));
}

wire::Message external(const std::string& location, const std::string& offset) {
  const auto entry = [](const std::string& key, const std::string& value) {
    return wire::Message().text(1, key).text(2, value);
  };
  return wire::Message()
      .number(1, 4)
      .number(1, 4)
      .number(2, wire::kFloat)
      .text(8, "w")
      .number(14, 1)
      .message(13, entry("location", location))
      .message(13, entry("offset", offset));
}

TEST(HostileOnnx, ExternalDataStaysInTheFolderAndInsideItsFile) {
  const Folder folder;
  std::filesystem::create_directory(folder.path() / "model");
  std::ofstream(folder.path() / "secret") << std::string(64, 'x');
  std::ofstream(folder.path() / "model" / "data") << std::string(68, 'x');
  std::filesystem::create_symlink(folder.path() / "secret", folder.path() / "model" / "link");
  const auto at = [&](const std::string& location, const std::string& offset) {
    return fault(wire::model({.nodes = {kMatMul}, .initializers = {external(location, offset)}}).bytes(),
                 folder.path() / "model");
  };
  EXPECT_EQ(at("data", "4"), "");
  EXPECT_TRUE(has(at("data", "5"), "which has 68"));
  EXPECT_TRUE(has(at("data", "18446744073709551615"), "which has 68"));
  EXPECT_TRUE(has(at("data", "-1"), "as offset"));
  EXPECT_TRUE(has(at("../secret", "0"), "in the folder of the model"));
  EXPECT_TRUE(has(at((folder.path() / "secret").string(), "0"), "in the folder of the model"));
  EXPECT_TRUE(has(at("link", "0"), "in the folder of the model"));
  EXPECT_TRUE(has(at("", "0"), "in the folder of the model"));
}

TEST(HostileOnnx, CyclesAndValuesThatAreMissingOrTwiceAreNamed) {
  EXPECT_TRUE(has(fault({.nodes = {{.op = "Add", .inputs = {"x", "b"}, .outputs = {"a"}},
                                   {.op = "Relu", .inputs = {"a"}, .outputs = {"b"}},
                                   {.op = "Relu", .inputs = {"b"}, .outputs = {"y"}}}}),
                  "a cycle at node 'a_node'"));
  EXPECT_TRUE(has(fault({.nodes = {{.op = "Relu", .inputs = {"nothing"}, .outputs = {"y"}}}}), "'nothing'"));
  EXPECT_TRUE(has(fault({.nodes = {{.op = "Relu", .inputs = {"x"}, .outputs = {"y"}},
                                   {.op = "Tanh", .inputs = {"x"}, .outputs = {"y"}}}}),
                  "defined twice"));
  EXPECT_TRUE(has(fault({.nodes = {{.op = "Relu", .inputs = {"x"}, .outputs = {"z"}}}}), "output 'y'"));
}

TEST(HostileOnnx, ControlFlowAndUnknownOperatorsAreNamedInOneList) {
  const std::string text = fault({.nodes = {{.op = "If", .inputs = {"x"}, .outputs = {"a"}},
                                            {.op = "Loop", .inputs = {"a"}, .outputs = {"b"}},
                                            {.op = "Magic", .inputs = {"b"}, .outputs = {"c"}},
                                            {.op = "Magic", .inputs = {"c"}, .outputs = {"d"}},
                                            {.op = "Gelu",
                                             .inputs = {"d"},
                                             .outputs = {"y"},
                                             .attributes = {},
                                             .name = "g",
                                             .domain = "com.microsoft"}}});
  for (const char* part :
       {"If (1: a_node)", "Loop (1: b_node)", "Magic (2: c_node, d_node)", "com.microsoft.Gelu (1: g)"})
    EXPECT_TRUE(has(text, part)) << text;
}

TEST(HostileOnnx, SparseTensorsAreRefused) {
  wire::Message graph = wire::graph({.nodes = {kMatMul}});
  graph.message(15, wire::Message().number(3, 4));
  const wire::Message model = wire::Message().number(1, 8).message(7, graph).message(8, wire::Message().number(2, 20));
  EXPECT_TRUE(has(fault(model.bytes()), "sparse"));
}

TEST(HostileOnnx, GraphsInsideOfGraphsEndAtALimit) {
  wire::Message graph = wire::graph({.nodes = {}});
  for (int i = 0; i < 300; ++i) {
    const wire::Message attribute = wire::Message().text(1, "then_branch").message(6, graph).number(20, 5);
    graph = wire::graph({.nodes = {{.op = "If", .inputs = {"x"}, .outputs = {"y"}, .attributes = {attribute}}}});
  }
  const wire::Message model = wire::Message().number(1, 8).message(7, graph).message(8, wire::Message().number(2, 20));
  EXPECT_TRUE(has(fault(model.bytes()), "not an ONNX model"));
}

TEST(HostileOnnx, FunctionsThatCallThemselvesAreRefused) {
  const wire::NodeText call{
      .op = "f", .inputs = {"x"}, .outputs = {"y"}, .attributes = {}, .name = "n", .domain = "mine"};
  wire::Message model = wire::model({.nodes = {call}});
  model.message(25,
                wire::Message().text(1, "f").text(4, "x").text(5, "y").message(7, wire::node(call)).text(10, "mine"));
  EXPECT_TRUE(has(fault(model.bytes()), "calls itself"));
}

TEST(HostileOnnx, ShapesThatDoNotGoTogetherNameTheNode) {
  EXPECT_TRUE(has(fault({.nodes = {kMatMul}, .initializers = {wire::floats("w", {3, 3}, std::vector<float>(9))}}),
                  "node 'y_node' (MatMul)"));
}

}  // namespace
}  // namespace enxerto
