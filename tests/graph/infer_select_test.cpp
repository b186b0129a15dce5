#include <fmt/format.h>
#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/infer.h"

namespace enxerto {
namespace {

const ValueType kX{DType::f32, {"batch", 7, 12}};

std::vector<ValueType> gathered(const ValueType& indices, std::int64_t axis) {
  const Node node{"g", "Gather", "s", {"x", "i"}, {"y"}, {{"axis", axis}}};
  return infer_node(node, std::vector<InferInput>{{.type = &kX}, {.type = &indices}});
}

TEST(Gather, PutsTheShapeOfTheIndicesInPlaceOfTheAxis) {
  EXPECT_EQ(gathered({DType::i64, {}}, 1)[0].shape, (SymbolicShape{"batch", 12}));
  EXPECT_EQ(gathered({DType::i64, {3}}, 1)[0].shape, (SymbolicShape{"batch", 3, 12}));
  EXPECT_EQ(gathered({DType::i32, {"length", 2}}, -1)[0].shape, (SymbolicShape{"batch", 7, "length", 2}));
}

TEST(Gather, RefusesIndicesThatAreNoIntegersAndAnAxisThatIsNotThere) {
  EXPECT_THROW(gathered({DType::f32, {3}}, 1), Error);
  EXPECT_THROW(gathered({DType::i64, {3}}, 3), Error);
}

std::vector<ValueType> parts(std::size_t outputs, std::int64_t axis, const Tensor* sizes = nullptr) {
  Node node{"s", "Split", "s", {"x"}, {}, {{"axis", axis}}};
  for (std::size_t i = 0; i < outputs; ++i) node.outputs.push_back(fmt::format("y{}", i));
  const ValueType type{DType::i64, {2}};
  std::vector<InferInput> inputs{{.type = &kX}};
  if (sizes != nullptr) inputs.push_back({.type = &type, .constant = sizes});
  return infer_node(node, inputs);
}

TEST(Split, CutsIntoEqualPartsOrTheSizesThatAreNamed) {
  EXPECT_EQ(parts(3, 2)[2].shape, (SymbolicShape{"batch", 7, 4}));
  EXPECT_EQ(parts(2, 1)[0].shape, (SymbolicShape{"batch", 4, 12}));
  EXPECT_EQ(parts(2, 1)[1].shape, (SymbolicShape{"batch", 3, 12}));
  const Tensor sizes = Tensor::of<std::int64_t>({2}, {2, 10});
  EXPECT_EQ(parts(2, -1, &sizes)[1].shape, (SymbolicShape{"batch", 7, 10}));
}

TEST(Split, RefusesPartsThatAreNotTheWhole) {
  const Tensor less = Tensor::of<std::int64_t>({2}, {2, 9}), negative = Tensor::of<std::int64_t>({2}, {-1, 13});
  EXPECT_THROW(parts(2, -1, &less), Error);
  EXPECT_THROW(parts(2, -1, &negative), Error);
  EXPECT_THROW(parts(8, 1), Error);
  EXPECT_THROW(parts(2, 0), Error);
}

TEST(GraphBuilder, NamesThePartsOfASplit) {
  GraphBuilder net("n");
  net.stage("s");
  const std::string x = net.input("x", {"batch", 6});
  const std::vector<std::string> names = net.split(x, "cut", 3);
  EXPECT_EQ(names, (std::vector<std::string>{"cut.0", "cut.1", "cut.2"}));
  EXPECT_EQ(net.shape_of("cut.1"), (SymbolicShape{"batch", 2}));
}

}  // namespace
}  // namespace enxerto
