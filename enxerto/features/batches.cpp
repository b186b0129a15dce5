#include "enxerto/features/batches.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/infer.h"

namespace enxerto {
namespace {

/// Four pictures of 224 px: fastest on a processor, and little memory.
constexpr std::size_t kBytesPerBatch = std::size_t{4} * 3 * 224 * 224 * sizeof(float);
constexpr std::size_t kLargestBatch = 32;

[[noreturn]] void refuse(const Graph& prefix, std::string found) {
  throw Error(ErrorKind::weights, {.where = prefix.name.empty() ? "the prefix" : prefix.name,
                                   .found = std::move(found),
                                   .expected = "inputs that the preprocessing gives and one float32 output with a "
                                               "fixed size",
                                   .tip = "cut at another stage"});
}

void check_inputs(const Graph& prefix, std::span<const InputSpec> given) {
  for (const Value& input : prefix.inputs) {
    if (std::none_of(given.begin(), given.end(), [&](const InputSpec& spec) { return spec.name == input.name; }))
      refuse(prefix, fmt::format("the input '{}', where the preprocessing gives {}", input.name, to_string(given)));
  }
}

Shape row_shape_of(const Graph& prefix, std::span<const InputSpec> given) {
  if (prefix.nodes.empty()) {
    if (given.size() != 1 || !given[0].fixed() || given[0].dtype != DType::f32)
      refuse(prefix, fmt::format("nothing is frozen, and the inputs are {}", to_string(given)));
    return given[0].shape;
  }
  check_inputs(prefix, given);
  if (prefix.outputs.size() != 1) refuse(prefix, fmt::format("{} outputs", prefix.outputs.size()));
  const ValueType type = infer_shapes(prefix).at(prefix.outputs[0].name);
  if (type.dtype != DType::f32 || type.shape.size() < 2)
    refuse(prefix, fmt::format("an output {} of {}", to_string(type.shape), name_of(type.dtype)));
  Shape shape;
  for (std::size_t i = 1; i < type.shape.size(); ++i) {
    if (type.shape[i].is_symbolic() || type.shape[i].size < 1) refuse(prefix, "an output " + to_string(type.shape));
    shape.push_back(type.shape[i].size);
  }
  return shape;
}

}  // namespace

std::size_t examples_in(std::size_t bytes, std::span<const InputSpec> inputs, std::size_t most) {
  return std::clamp<std::size_t>(bytes / std::max<std::size_t>(example_bytes(inputs), 1), 1, most);
}

Shape feature_row_shape(const FeatureSource& source) {
  return row_shape_of(source.prefix, source.preprocessor->inputs());
}

BatchPrefix::BatchPrefix(const FeatureSource& source, int threads, int batch)
    : source_(source),
      threads_(threads),
      batch_(batch > 0 ? static_cast<std::size_t>(batch)
                       : examples_in(kBytesPerBatch, source.preprocessor->inputs(), kLargestBatch)),
      row_shape_(feature_row_shape(source)) {}

Executor& BatchPrefix::executor() {
  std::call_once(compiled_, [&] {
    executor_ = compile(
        source_.prefix,
        {.threads = threads_, .streams = threads_, .precision = source_.precision, .batch = static_cast<int>(batch_)});
  });
  return *executor_;
}

std::span<const float> BatchPrefix::run(BatchInputs& inputs, std::size_t count, Tensor& keep) {
  const TensorMap batch = inputs.collect(count);
  if (source_.prefix.nodes.empty()) {
    keep = batch.begin()->second;
  } else {
    std::vector<Tensor> ordered;
    for (const Value& input : source_.prefix.inputs) ordered.push_back(batch.at(input.name));
    keep = executor().run(ordered).at(0);
  }
  const std::size_t width = element_count(row_shape_);
  if (keep.size() != width * batch_) refuse(source_.prefix, "an output of shape " + to_string(keep.shape()));
  return keep.as<float>().first(width * count);
}

}  // namespace enxerto
