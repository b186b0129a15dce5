#include "enxerto/bundle/consistency.h"

namespace enxerto {

namespace {

void require(bool right, std::string_view where, std::string found, std::string expected) {
  if (right) return;
  throw Error(ErrorKind::weights,
              {.where = std::string(where), .found = std::move(found), .expected = std::move(expected), .tip = ""});
}

bool may_be(const Dim& dim, std::size_t size) {
  return dim.is_symbolic() || dim.size == static_cast<std::int64_t>(size);
}

void check_network(const Bundle& bundle, std::string_view where) {
  const Graph& graph = bundle.graph;
  require(graph.inputs.size() == 1 && graph.outputs.size() == 1, where,
          "the network has " + std::to_string(graph.inputs.size()) + " inputs and " +
              std::to_string(graph.outputs.size()) + " outputs",
          "one of each");
  const Value& input = graph.inputs[0];
  const auto side = static_cast<std::size_t>(bundle.preprocess.size);
  require(input.dtype == DType::f32 && input.shape.size() == 4 && may_be(input.shape[1], 3) &&
              may_be(input.shape[2], side) && may_be(input.shape[3], side),
          where, "the network's input is " + to_string(input.shape),
          "(batch, 3, " + std::to_string(side) + ", " + std::to_string(side) + ") as the preprocessing gives");
  const Value& output = graph.outputs[0];
  require(output.dtype == DType::f32 && output.shape.size() == 2 && may_be(output.shape[1], bundle.labels.size()),
          where, "the network's output is " + to_string(output.shape),
          "(batch, " + std::to_string(bundle.labels.size()) + "), one for each label");
}

void check_golden(const Bundle& bundle, std::string_view where) {
  const Tensor* input = bundle.golden.find("input");
  const Tensor* output = bundle.golden.find("output");
  require(input != nullptr && output != nullptr && bundle.golden.size() == 2, where, "the golden tensors are not there",
          "'input' and 'output'");
  const auto side = static_cast<std::int64_t>(bundle.preprocess.size);
  const std::int64_t rows = input->shape().empty() ? 0 : input->shape()[0];
  require(rows > 0 && input->dtype() == DType::f32 && input->shape() == Shape{rows, 3, side, side}, where,
          "the golden input is " + to_string(input->shape()), "(n, 3, size, size) of float32");
  require(
      output->dtype() == DType::f32 && output->shape() == Shape{rows, static_cast<std::int64_t>(bundle.labels.size())},
      where, "the golden output is " + to_string(output->shape()), "(n, labels) of float32");
}

}  // namespace

std::string precision_cut(const Bundle& bundle) {
  return bundle.precision.is_object() ? bundle.precision.value("cut", "head") : "head";
}

void check_consistent(const Bundle& bundle, std::string_view where) {
  check(bundle.graph);
  require(!bundle.task.empty(), where, "no task is named", "what the network is for");
  require(!bundle.labels.empty(), where, "there are no labels", "at least one");
  check_network(bundle, where);
  check_golden(bundle, where);
}

}  // namespace enxerto
