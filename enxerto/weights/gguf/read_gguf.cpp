#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "enxerto/base/quantity.h"
#include "enxerto/base/utf8.h"
#include "enxerto/weights/aligned_bytes.h"
#include "enxerto/weights/foreign_tensor.h"
#include "enxerto/weights/gguf/gguf.h"
#include "enxerto/weights/gguf/gguf_header.h"
#include "enxerto/weights/not_read.h"

namespace enxerto {
namespace {

Tensor dequantised_gguf(const FileSource& file, const GgufTensor& tensor) {
  TensorBuffer buffer(DType::f32, tensor.shape);
  const std::byte* block = file.bytes.data() + tensor.begin;
  const std::span<float> to = buffer.as<float>();
  for (std::size_t i = 0; i < to.size(); i += tensor.type->numbers, block += tensor.type->bytes)
    tensor.type->dequantise(block, to.data() + i);
  return std::move(buffer).freeze();
}

Tensor tensor_of(const FileSource& file, const GgufTensor& tensor) {
  if (!tensor.type->plain) return dequantised_gguf(file, tensor);
  const DType dtype = *tensor.type->plain;
  return foreign_tensor(
      dtype, tensor.shape,
      aligned_bytes(file, {.begin = tensor.begin, .size = tensor.end - tensor.begin, .width = size_of(dtype)}));
}

struct AsText {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::uint64_t value) const { return fmt::format("{}", value); }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const { return fmt::format("{}", static_cast<float>(value)); }
  std::string operator()(const std::string& value) const { return as_utf8(value); }
  std::string operator()(const GgufSkipped& /*lists*/) const { return "[..]"; }
  template <typename T>
  std::string operator()(const std::vector<T>& values) const {
    return fmt::format("[{}]", counted(values.size(), "value"));
  }
};

}  // namespace

bool looks_like_gguf(std::span<const std::byte> bytes) { return beginning(bytes, 4) == "GGUF"; }

WeightFile read_gguf(const FileSource& source) {
  const GgufHeader header = read_gguf_header(source);
  WeightFile file;
  file.format = "GGUF";
  std::map<std::string_view, std::size_t> counts;
  for (const GgufTensor& tensor : header.tensors) {
    file.tensors.set(tensor.name, tensor_of(source, tensor));
    ++counts[tensor.type->name];
  }
  for (const GgufBlockType& type : gguf_block_types())
    if (!type.plain && counts.contains(type.name))
      file.notes.push_back(fmt::format("{} of {} read as float32", counted(counts[type.name], "tensor"), type.name));
  for (const auto& [key, value] : header.values) file.metadata.emplace(key, std::visit(AsText{}, value));
  return file;
}

}  // namespace enxerto
