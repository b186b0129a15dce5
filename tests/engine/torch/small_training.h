#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/graph/builder.h"
#include "tests/zoo/formula.h"

namespace enxerto::testing {

inline constexpr std::int64_t kBatch = 8, kClasses = 3;

struct SmallNetwork {
  DType dtype = DType::f64;
  bool norm = true;   ///< a batch normalisation behind the convolution
  float dropout = 0;  ///< in front of the last layer
};

/// The formula's numbers in either type.
inline Tensor made(const std::string& name, const Shape& shape, DType dtype, formula::Affine range) {
  const Tensor floats = formula::filled(name, shape, range);
  if (dtype == DType::f32) return floats;
  const auto values = floats.as<float>();
  return Tensor::of<double>(shape, std::vector<double>(values.begin(), values.end()));
}

inline Tensor starting_value(const ParameterSpec& spec) {
  if (spec.role == Role::running_mean) return made(spec.name, spec.shape, spec.dtype, {0, 0});
  if (spec.role == Role::running_variance) return made(spec.name, spec.shape, spec.dtype, {1, 0});
  return made(spec.name, spec.shape, spec.dtype, {spec.name == "bn.weight" ? 1.0 : 0.0, 0.5});
}

/// The network of tools/golden/training_steps.py: inputs "pictures" (batch, 3, 6, 6) and "target" (batch, 3), outputs
/// "loss" and "logits".
inline Graph small_network(const SmallNetwork& form = {}) {
  GraphBuilder net("small");
  const DType dtype = form.dtype;
  std::string x = net.input("pictures", {"batch", 3, 6, 6}, dtype);
  const std::string target = net.input("target", {"batch", kClasses}, dtype);
  net.stage("stem");
  x = net.add("Conv", "conv", {x, net.parameter("conv.weight", {4, 3, 3, 3}, dtype)},
              {{"kernel_shape", std::vector<std::int64_t>{3, 3}}, {"pads", std::vector<std::int64_t>{1, 1, 1, 1}}});
  if (form.norm)
    x = net.add("BatchNormalization", "bn",
                {x, net.parameter("bn.weight", {4}, dtype), net.parameter("bn.bias", {4}, dtype),
                 net.parameter("bn.running_mean", {4}, dtype), net.parameter("bn.running_var", {4}, dtype)},
                {{"epsilon", 1e-3F}});
  x = net.relu(x, "relu");
  net.stage("head");
  x = net.global_average_pool(x, "pool");
  if (form.dropout > 0) x = net.add("Dropout", "dropout", {x, net.constant(Tensor::scalar(form.dropout))});
  x = net.add("Gemm", "fc",
              {x, net.parameter("fc.weight", {kClasses, 4}, dtype), net.parameter("fc.bias", {kClasses}, dtype)},
              {{"transB", std::int64_t{1}}});
  const std::string logits = x;
  net.stage("loss");
  x = net.add("LogSoftmax", "log_softmax", {x}, {{"axis", std::int64_t{1}}});
  x = net.add("Mul", "picked", {x, target});
  x = net.add("ReduceSum", "example", {x, net.constant(Tensor::of<std::int64_t>({1}, {1}))},
              {{"keepdims", std::int64_t{0}}});
  x = net.add("ReduceMean", "mean", {x}, {{"keepdims", std::int64_t{0}}});
  x = net.add("Neg", "negated", {x});
  net.output(x, "loss").output(logits, "logits");
  const Blueprint blueprint = std::move(net).finish();
  Graph graph = blueprint.graph;
  for (const ParameterSpec& spec : blueprint.parameters) graph.parameters.set(spec.name, starting_value(spec));
  return graph;
}

/// Batch `step` of the golden: pictures and one-hot targets.
inline TrainBatch small_batch(int step, DType dtype = DType::f64) {
  const Tensor plain = made("batch" + std::to_string(step), {kBatch, 3, 6, 6}, DType::f64, {0, 1});
  std::vector<double> pictures(plain.as<double>().begin(), plain.as<double>().end());
  std::vector<double> target(kBatch * kClasses, 0);
  for (std::size_t n = 0; n < kBatch; ++n) {
    const std::size_t label = n * 7 % 5 % kClasses;
    target[n * kClasses + label] = 1;
    for (std::size_t pixel = 0; pixel < 36; ++pixel) pictures[n * 108 + pixel] += 0.5 * static_cast<double>(label);
  }
  TrainBatch batch{.inputs = {{"pictures", Tensor::of<double>({kBatch, 3, 6, 6}, pictures)},
                              {"target", Tensor::of<double>({kBatch, kClasses}, target)}},
                   .examples = kBatch};
  if (dtype == DType::f32)
    for (const auto& [name, input] : TensorMap(batch.inputs)) batch.inputs.set(name, input.to_float32());
  return batch;
}

/// Its examples `begin` to `end`.
inline TrainBatch part(const TrainBatch& batch, std::int64_t begin, std::int64_t end) {
  TrainBatch piece{.inputs = {}, .examples = end - begin};
  for (const auto& [name, input] : batch.inputs) piece.inputs.set(name, input.rows(begin, end));
  return piece;
}

/// One group of all that learns in `small_network`.
inline ParameterGroup everything(const SmallNetwork& form = {}) {
  ParameterGroup group{.parameters = {"conv.weight", "fc.weight", "fc.bias"}};
  if (form.norm) group.parameters.insert(group.parameters.begin() + 1, {"bn.weight", "bn.bias"});
  return group;
}

inline StepResult step(Trainer& trainer, const TrainBatch& batch, double rate) {
  return trainer.step({&batch, 1}, rate);
}

/// Elements as float64.
inline std::vector<double> values_of(const Tensor& tensor) {
  if (tensor.dtype() == DType::f64) return {tensor.as<double>().begin(), tensor.as<double>().end()};
  const Tensor floats = tensor.to_float32();
  return {floats.as<float>().begin(), floats.as<float>().end()};
}

/// Same names in the same order, same bytes.
inline bool same(const StateDict& a, const StateDict& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first && identical(x.second, y.second); });
}

}  // namespace enxerto::testing
