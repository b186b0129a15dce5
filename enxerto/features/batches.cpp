#include "enxerto/features/batches.h"

#include <fmt/format.h>

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/graph/infer.h"

namespace enxerto {
namespace {

constexpr int kPixelsPerBatch = 4 * 224 * 224;
constexpr int kLargestBatch = 32;

[[noreturn]] void refuse(const Graph& prefix, std::string found) {
  throw Error(ErrorKind::weights, {.where = prefix.name.empty() ? "the prefix" : prefix.name,
                                   .found = std::move(found),
                                   .expected = "one input of pictures and one float32 output with a fixed size",
                                   .tip = "cut at another stage"});
}

Shape row_shape_of(const Graph& prefix, int size) {
  if (prefix.nodes.empty()) return {3, size, size};
  if (prefix.inputs.size() != 1 || prefix.outputs.size() != 1)
    refuse(prefix, fmt::format("{} inputs and {} outputs", prefix.inputs.size(), prefix.outputs.size()));
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

int batch_for(int wanted, int size) {
  return wanted > 0 ? wanted : std::clamp(kPixelsPerBatch / (size * size), 1, kLargestBatch);
}

}  // namespace

RowLayout feature_layout(const FeatureSource& source) {
  return {.values = {{.name = source.prefix.outputs.empty() ? "input" : source.prefix.outputs[0].name,
                      .dtype = DType::f32,
                      .shape = feature_row_shape(source)}}};
}

Shape feature_row_shape(const FeatureSource& source) { return row_shape_of(source.prefix, source.preprocess.size); }

BatchPrefix::BatchPrefix(const FeatureSource& source, int threads, int batch)
    : source_(source),
      threads_(threads),
      batch_(batch_for(batch, source.preprocess.size)),
      input_width_(element_count({3, source.preprocess.size, source.preprocess.size})),
      layout_(feature_layout(source)) {}

Executor& BatchPrefix::executor() {
  std::call_once(compiled_, [&] {
    executor_ = compile(source_.prefix,
                        {.threads = threads_, .streams = threads_, .precision = source_.precision, .batch = batch_});
  });
  return *executor_;
}

std::span<const float> BatchPrefix::run(const std::shared_ptr<const float[]>& inputs, std::size_t count, Tensor& keep) {
  const int size = source_.preprocess.size;
  const std::shared_ptr<const std::byte> bytes(inputs, reinterpret_cast<const std::byte*>(inputs.get()));
  const Tensor batch(DType::f32, {batch_, 3, size, size}, bytes);
  keep = source_.prefix.nodes.empty() ? batch : executor().run(batch);
  const std::size_t width = element_count(row_shape());
  if (keep.size() != width * static_cast<std::size_t>(batch_))
    refuse(source_.prefix, "an output of shape " + to_string(keep.shape()));
  return keep.as<float>().first(width * count);
}

}  // namespace enxerto
