#include "enxerto/heads/convex_start.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

/// The second row of two less the first.
Tensor difference(const Tensor& rows, Shape shape) {
  const auto values = rows.as<float>();
  TensorBuffer buffer(DType::f32, std::move(shape));
  const auto out = buffer.as<float>();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = values[out.size() + i] - values[i];
  return std::move(buffer).freeze();
}

}  // namespace

StateDict linear_head_parameters(const LinearClassifier& layer) {
  StateDict parameters;
  parameters.set("head.weight", layer.weight);
  parameters.set("head.bias", layer.bias);
  return parameters;
}

LinearClassifier one_unit(const LinearClassifier& classifier) {
  const Shape& shape = classifier.weight.shape();
  if (shape.size() != 2 || shape[0] != 2 || classifier.bias.shape() != Shape{2})
    throw usage_error("head: output", fmt::format("'sigmoid' for a classifier of shape {}", to_string(shape)),
                      "two classes", "output = \"softmax\"");
  return {difference(classifier.weight, {1, shape[1]}), difference(classifier.bias, {1})};
}

}  // namespace enxerto
