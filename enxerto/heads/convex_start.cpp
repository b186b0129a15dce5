#include "enxerto/heads/convex_start.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

StateDict named(Tensor weight, Tensor bias) {
  StateDict parameters;
  parameters.set("head.weight", std::move(weight));
  parameters.set("head.bias", std::move(bias));
  return parameters;
}

/// The second row of two less the first.
Tensor difference(const Tensor& rows, Shape shape) {
  const auto values = rows.as<float>();
  TensorBuffer buffer(DType::f32, std::move(shape));
  const auto out = buffer.as<float>();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = values[out.size() + i] - values[i];
  return std::move(buffer).freeze();
}

}  // namespace

StateDict linear_head_parameters(const LinearClassifier& classifier) {
  return named(classifier.weight, classifier.bias);
}

StateDict sigmoid_head_parameters(const LinearClassifier& classifier) {
  const Shape& shape = classifier.weight.shape();
  if (shape.size() != 2 || shape[0] != 2 || classifier.bias.shape() != Shape{2})
    throw usage_error("head: output", fmt::format("'sigmoid' for a classifier of shape {}", to_string(shape)),
                      "two classes", "output = \"softmax\"");
  return named(difference(classifier.weight, {1, shape[1]}), difference(classifier.bias, {1}));
}

}  // namespace enxerto
