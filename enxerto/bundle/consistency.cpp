#include "enxerto/bundle/consistency.h"

#include <algorithm>
#include <span>
#include <vector>

#include <fmt/format.h>

namespace enxerto {

namespace {

void require(bool right, std::string_view where, std::string found, std::string expected) {
  if (right) return;
  throw weights_error(std::string(where), std::move(found), std::move(expected));
}

bool may_be(const Dim& dim, std::int64_t size) { return dim.is_symbolic() || size < 0 || dim.size == size; }

/// Whether `shape`, of a batch, is that of examples as `spec` says.
bool takes(const SymbolicShape& shape, const InputSpec& spec) {
  if (shape.size() != spec.shape.size() + 1) return false;
  for (std::size_t i = 0; i < spec.shape.size(); ++i)
    if (!may_be(shape[i + 1], spec.shape[i])) return false;
  return true;
}

/// Numbers that the network answers with: as many as the task's record says, else one for each label.
std::int64_t answers_of(const Bundle& bundle) {
  const Json& facts = bundle.task_facts;
  if (facts.is_object() && facts.contains("width") && facts["width"].is_number_integer())
    return facts["width"].get<std::int64_t>();
  return static_cast<std::int64_t>(bundle.labels.size());
}

void check_network(const Bundle& bundle, std::string_view where) {
  const std::span<const InputSpec> given = bundle.preprocessor->inputs();
  for (const Value& input : bundle.graph.inputs) {
    const auto spec =
        std::find_if(given.begin(), given.end(), [&](const InputSpec& known) { return known.name == input.name; });
    require(
        spec != given.end() && input.dtype == spec->dtype && takes(input.shape, *spec), where,
        fmt::format("the network's input '{}' is {} of {}", input.name, to_string(input.shape), name_of(input.dtype)),
        "what the preprocessing produces: " + to_string(given));
  }
  require(bundle.graph.outputs.size() == 1, where,
          "the network has " + std::to_string(bundle.graph.outputs.size()) + " outputs", "one");
  const Value& output = bundle.graph.outputs[0];
  const std::int64_t labels = answers_of(bundle);
  const bool each = output.shape.size() > 2 || (output.shape.size() == 2 && may_be(output.shape[1], labels));
  require(output.dtype == DType::f32 && each, where, "the network's output is " + to_string(output.shape),
          "(batch, " + std::to_string(labels) + "), one for each label; or something of each part of an example");
}

void check_precision(const Bundle& bundle, std::string_view where) {
  const Json& precision = bundle.precision;
  require(!precision.is_object() || !precision.contains("cut") || precision["cut"].is_string(), where,
          "precision.json: the cut is not the name of a stage", "a text, such as \"head\"");
}

}  // namespace

std::string precision_cut(const Bundle& bundle) {
  return bundle.precision.is_object() ? bundle.precision.value("cut", "head") : "head";
}

TensorMap golden_part(const Bundle& bundle, std::string_view prefix) {
  TensorMap part;
  for (const auto& [name, tensor] : bundle.golden)
    if (name.starts_with(prefix)) part.set(name.substr(prefix.size()), tensor);
  return part;
}

void check_consistent(const Bundle& bundle, std::string_view where) {
  check(bundle.graph);
  require(bundle.preprocessor != nullptr, where, "there is no preprocessing", "a record of the preprocessing");
  require(!bundle.task.empty(), where, "the task is missing", "the name of the task");
  require(answers_of(bundle) > 0, where, "there are no labels", "at least one");
  check_network(bundle, where);
  check_precision(bundle, where);
  for (const std::string& name : bundle.preprocessor->networks())
    require(bundle.networks.contains(name), where, fmt::format("the preprocessing's network '{}' is missing", name),
            "each network that it looks with");
  for (const auto& [name, graph] : bundle.networks) check(graph);
}

void check_golden(const Bundle& bundle, std::string_view where) {
  const std::size_t wanted = bundle.graph.inputs.size() + bundle.graph.outputs.size();
  require(bundle.golden.size() == wanted, where, fmt::format("there are {} golden tensors", bundle.golden.size()),
          std::to_string(wanted) + ", one for each input and output of the network");
  std::int64_t rows = 0;
  const auto check_values = [&](const std::vector<Value>& values, std::string_view prefix) {
    for (const Value& value : values) {
      const std::string name = std::string(prefix) + value.name;
      const Tensor* golden = bundle.golden.find(name);
      require(golden != nullptr, where, "the golden tensor '" + name + "' is missing", "it next to the others");
      const Shape& shape = golden->shape();
      if (rows == 0 && !shape.empty()) rows = shape[0];
      bool fits = golden->dtype() == value.dtype && shape.size() == value.shape.size() && rows > 0 && shape[0] == rows;
      for (std::size_t i = 1; fits && i < shape.size(); ++i) fits = may_be(value.shape[i], shape[i]);
      require(fits, where, fmt::format("the golden tensor '{}' is {}", name, to_string(shape)),
              fmt::format("{} of {}, as many rows as the others", to_string(value.shape), name_of(value.dtype)));
    }
  };
  check_values(bundle.graph.inputs, "input/");
  check_values(bundle.graph.outputs, "output/");
}

}  // namespace enxerto
