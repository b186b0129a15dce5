#include "enxerto/heads/loss.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/graph/infer.h"
#include "enxerto/heads/head.h"

namespace enxerto {
namespace {

constexpr const char* kKinds[] = {"categorical_cross_entropy",
                                  "sparse_categorical_cross_entropy",
                                  "binary_cross_entropy",
                                  "focal",
                                  "binary_focal",
                                  "mean_squared_error",
                                  "huber"};

Value logits(std::int64_t width, DType dtype = DType::f32) { return {"head.logits", dtype, {"batch", width}}; }

Error refused(const LossSpec& spec, const Value& value) {
  try {
    (void)loss_graph(spec, value);
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::interrupted, {.where = "no error", .found = "", .expected = "", .tip = ""}};
}

TEST(Loss, IsAScalarOfTheLogitsType) {
  for (const char* kind : kKinds)
    for (const DType dtype : {DType::f32, DType::f64}) {
      const Graph graph = loss_graph({.kind = kind}, logits(3, dtype));
      const ValueTypes types = infer_shapes(graph);
      EXPECT_EQ(types.at("loss"), (ValueType{dtype, {}})) << kind;
      EXPECT_EQ(graph.stages(), std::vector<std::string>{"loss"});
    }
}

TEST(Loss, WantsTargetsOfTheLogitsTypeOrClassNumbers) {
  for (const char* kind : kKinds) {
    const Value target = loss_graph({.kind = kind}, logits(3, DType::f64)).inputs.at(1);
    EXPECT_EQ(target.name, "target");
    const bool numbers = std::string(kind).starts_with("sparse");
    EXPECT_EQ(target.dtype, numbers ? DType::i64 : DType::f64) << kind;
    EXPECT_EQ(target.shape, numbers ? (SymbolicShape{"batch"}) : (SymbolicShape{"batch", 3})) << kind;
  }
}

TEST(Loss, RefusesWhatIsOutOfRange) {
  const double nan = std::nan("");
  EXPECT_NE(refused({.kind = "binary_crossentropy"}, logits(1)).text().found.find("binary_cross_entropy"),
            std::string::npos);
  for (const double smoothing : {-0.1, 1.0, nan})
    EXPECT_EQ(refused({.label_smoothing = smoothing}, logits(3)).text().where, "loss: label_smoothing");
  EXPECT_EQ(refused({.class_weights = {1, 2}}, logits(3)).text().where, "loss: class_weights");
  EXPECT_EQ(refused({.class_weights = {1, -2, 1}}, logits(3)).text().where, "loss: class_weights");
  EXPECT_EQ(refused({.kind = "binary_cross_entropy", .class_weights = {1}}, logits(1)).kind(), ErrorKind::usage);
  EXPECT_EQ(refused({.kind = "focal", .focal_gamma = -1}, logits(3)).text().where, "loss: focal_gamma");
  EXPECT_EQ(refused({.kind = "binary_focal", .focal_alpha = 1.5}, logits(3)).text().where, "loss: focal_alpha");
  EXPECT_EQ(refused({.kind = "huber", .huber_delta = 0}, logits(3)).text().where, "loss: huber_delta");
  EXPECT_EQ(refused({.kind = "huber", .label_smoothing = 0.1}, logits(3)).kind(), ErrorKind::usage);
  EXPECT_EQ(refused({.kind = "mean_squared_error", .class_weights = {1, 1, 1}}, logits(3)).kind(), ErrorKind::usage);
}

TEST(Loss, RefusesLogitsThatItCannotRead) {
  EXPECT_EQ(refused({}, logits(1)).text().tip, "binary_cross_entropy");
  EXPECT_EQ(refused({}, {"x", DType::i64, {"batch", 3}}).text().where, "loss: logits");
  EXPECT_EQ(refused({}, {"x", DType::f32, {"batch", "classes"}}).text().where, "loss: logits");
}

Graph network() {
  const Blueprint head = head_network({}, Value{"features", DType::f32, {"batch", 2}}, 3);
  StateDict weights;
  weights.set("head.weight", Tensor::of<float>({3, 2}, {1, 2, 3, 4, 5, 6}));
  weights.set("head.bias", Tensor::of<float>({3}, {0, 0, 0}));
  return head.fill(weights);
}

TEST(Loss, StandsBehindANetworkWithTheLossInFront) {
  const Graph whole = with_loss(network(), {.kind = "sparse_categorical_cross_entropy"});
  EXPECT_NO_THROW(infer_shapes(whole));
  ASSERT_EQ(whole.inputs.size(), 2U);
  EXPECT_EQ(whole.inputs[0].name, "features");
  EXPECT_EQ(whole.inputs[1].name, kLossTarget);
  ASSERT_EQ(whole.outputs.size(), 3U);
  EXPECT_EQ(whole.outputs[0].name, kLossOutput);
  EXPECT_EQ(whole.outputs[1].name, "head.logits");
  EXPECT_EQ(whole.stages(), (std::vector<std::string>{"head", "loss"}));
}

TEST(Loss, ComesWithThePlainOneWhereItIsSmoothedOrWeighted) {
  for (const LossSpec& spec : {LossSpec{.label_smoothing = 0.1}, LossSpec{.class_weights = {1, 2, 3}}}) {
    const Graph whole = with_loss(network(), spec);
    EXPECT_NO_THROW(infer_shapes(whole));
    ASSERT_EQ(whole.outputs.size(), 4U);
    EXPECT_EQ(whole.outputs[0].name, kLossOutput);
    EXPECT_EQ(whole.outputs[1].name, kPlainLossOutput);
    EXPECT_EQ(whole.inputs.size(), 2U) << "both have one target";
  }
}

TEST(Loss, NeedsANetworkWithLogits) {
  Graph graph = network();
  std::erase_if(graph.outputs, [](const Value& output) { return output.name == "head.logits"; });
  EXPECT_THROW(with_loss(graph, {}), Error);
}

TEST(Loss, OfTokensIsTheMeanOfACrossEntropyForEachUnit) {
  const Value states{"head.logits", DType::f32, {"batch", "tokens", 2}};
  const Graph graph = loss_graph({.kind = "span_cross_entropy"}, states);
  EXPECT_EQ(infer_shapes(graph).at("loss"), (ValueType{DType::f32, {}}));
  EXPECT_EQ(graph.inputs.at(1).shape, (SymbolicShape{"batch", 2}));
  EXPECT_EQ(graph.inputs.at(1).dtype, DType::i64);
  EXPECT_EQ(loss_target("span_cross_entropy"), LossTarget::tokens);
}

TEST(Loss, OfTokensIsRefusedForRowsAndForOptionsOfClasses) {
  const Value states{"head.logits", DType::f32, {"batch", "tokens", 2}};
  EXPECT_NE(refused({.kind = "span_cross_entropy"}, logits(2)).text().expected.find("(batch, tokens, width)"),
            std::string::npos);
  EXPECT_EQ(refused({.kind = "huber"}, states).text().where, "loss: logits");
  EXPECT_EQ(refused({.kind = "span_cross_entropy", .label_smoothing = 0.1}, states).text().where,
            "loss: label_smoothing");
}

}  // namespace
}  // namespace enxerto
