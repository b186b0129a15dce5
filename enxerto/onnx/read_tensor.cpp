#include "enxerto/onnx/read_tensor.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "enxerto/base/endless_shape.h"
#include "enxerto/base/to_size.h"
#include "enxerto/onnx/element_type.h"
#include "enxerto/onnx/onnx_error.h"
#include "enxerto_onnx.pb.h"

namespace enxerto {
namespace {

using Proto = enxerto_onnx::TensorProto;
constexpr std::size_t kMostDimensions = 64;

std::string name_in(std::string_view where, const Proto& proto) {
  return fmt::format("{}: tensor '{}'", where, proto.name());
}

DType dtype_in(const std::string& where, const Proto& proto) {
  if (const std::optional<DType> dtype = dtype_of_onnx(proto.data_type())) return *dtype;
  fail_onnx(where, {.found = fmt::format("elements of ONNX type {}", proto.data_type()),
                    .expected = "floats of 16, 32 or 64 bits, bfloat16, integers of 8 to 64 bits or bool",
                    .tip = "a model in float32"});
}

Shape shape_in(const std::string& where, const Proto& proto, DType dtype) {
  if (to_size(proto.dims_size()) > kMostDimensions)
    fail_onnx(where, {.found = fmt::format("{} dimensions", proto.dims_size()), .expected = "64 at most"});
  Shape shape(proto.dims().begin(), proto.dims().end());
  constexpr std::uint64_t kLargest = std::uint64_t{1} << 62;
  const auto refuse = [&] {
    fail_onnx(where, {.found = "the shape " + to_string(shape), .expected = "sizes of 0 or more, in memory"});
  };
  std::uint64_t count = size_of(dtype);
  for (const std::int64_t size : shape) {
    if (size < 0 || (size > 0 && count > kLargest / static_cast<std::uint64_t>(size))) refuse();
    count *= static_cast<std::uint64_t>(size);
  }
  if (count == 0 && is_endless(shape)) refuse();
  return shape;
}

/// A bool is a byte of 0 or 1 here; files may hold others.
Tensor truths(const Shape& shape, std::span<const std::byte> bytes) {
  TensorBuffer buffer(DType::boolean, shape);
  std::transform(bytes.begin(), bytes.end(), buffer.bytes().begin(),
                 [](std::byte byte) { return byte == std::byte{0} ? std::byte{0} : std::byte{1}; });
  return std::move(buffer).freeze();
}

Tensor from_raw(const std::string& where, Proto& proto, DType dtype, const Shape& shape) {
  const std::size_t wanted = element_count(shape) * size_of(dtype);
  if (proto.raw_data().size() != wanted) {
    fail_onnx(where, {.found = fmt::format("{} bytes", proto.raw_data().size()),
                      .expected = fmt::format("{} for {} {}", wanted, name_of(dtype), to_string(shape))});
  }
  const std::shared_ptr<std::string> bytes(proto.release_raw_data());
  const std::span<const std::byte> view = std::as_bytes(std::span(bytes->data(), bytes->size()));
  if (dtype == DType::boolean) return truths(shape, view);
  const bool aligned = reinterpret_cast<std::uintptr_t>(view.data()) % alignof(std::int64_t) == 0;
  if (!aligned) return Tensor::copied(dtype, shape, view);
  return {dtype, shape, std::shared_ptr<const std::byte>(bytes, view.data())};
}

/// Typed fields, as wide as protobuf has them, narrowed to the element type.
template <typename T, typename Field>
Tensor narrowed(const std::string& where, const Shape& shape, const Field& field) {
  const std::size_t count = element_count(shape);
  if (to_size(field.size()) != count) {
    fail_onnx(where, {.found = fmt::format("{} numbers", field.size()),
                      .expected = fmt::format("{} for {}", count, to_string(shape))});
  }
  TensorBuffer buffer(dtype_of<T>, shape);
  std::transform(field.begin(), field.end(), buffer.as<T>().begin(), [](auto value) {
    if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
      return T{static_cast<std::uint16_t>(value)};
    } else {
      return static_cast<T>(value);
    }
  });
  return std::move(buffer).freeze();
}

Tensor from_fields(const std::string& where, const Proto& proto, DType dtype, const Shape& shape) {
  switch (dtype) {
    case DType::f64:
      return narrowed<double>(where, shape, proto.double_data());
    case DType::f32:
      return narrowed<float>(where, shape, proto.float_data());
    case DType::f16:
      return narrowed<Half>(where, shape, proto.int32_data());
    case DType::bf16:
      return narrowed<BFloat16>(where, shape, proto.int32_data());
    case DType::i64:
      return narrowed<std::int64_t>(where, shape, proto.int64_data());
    case DType::i32:
      return narrowed<std::int32_t>(where, shape, proto.int32_data());
    case DType::i16:
      return narrowed<std::int16_t>(where, shape, proto.int32_data());
    case DType::i8:
      return narrowed<std::int8_t>(where, shape, proto.int32_data());
    case DType::u64:
      return narrowed<std::uint64_t>(where, shape, proto.uint64_data());
    case DType::u32:
      return narrowed<std::uint32_t>(where, shape, proto.uint64_data());
    case DType::u16:
      return narrowed<std::uint16_t>(where, shape, proto.int32_data());
    case DType::u8:
      return narrowed<std::uint8_t>(where, shape, proto.int32_data());
    case DType::boolean:
      return narrowed<bool>(where, shape, proto.int32_data());
  }
  fail_onnx(where, {.found = "an unsupported element type", .expected = "another"});
}

struct ExternalPlace {
  std::string location;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length;
};

ExternalPlace place_in(const std::string& where, const Proto& proto) {
  ExternalPlace place;
  for (const auto& entry : proto.external_data()) {
    if (entry.key() == "location") place.location = entry.value();
    if (entry.key() != "offset" && entry.key() != "length") continue;
    const std::string& text = entry.value();
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
      fail_onnx(where, {.found = fmt::format("'{}' as {}", text, entry.key()), .expected = "a number of bytes"});
    if (entry.key() == "offset") place.offset = number;
    if (entry.key() == "length") place.length = number;
  }
  return place;
}

bool stays_inside(const std::filesystem::path& location) {
  if (location.empty() || location.has_root_path()) return false;
  return std::none_of(location.begin(), location.end(), [](const auto& part) { return part == ".."; });
}

}  // namespace

const MappedFile& TensorReader::mapped(const std::string& location, const std::string& tensor) {
  if (const auto known = files_.find(location); known != files_.end()) return known->second;
  const std::filesystem::path path = source_.folder / location;
  const bool inside = location.find('\0') == std::string::npos && stays_inside(location);
  std::error_code ignored;
  if (!inside || (!source_.follow_links && std::filesystem::is_symlink(path, ignored))) {
    fail_onnx(tensor, {.found = fmt::format("external data at '{}'", inside ? path.string() + " (a link)" : location),
                       .expected = "a file in the folder of the model",
                       .tip = "put the data file next to the model and export it again"});
  }
  return files_.emplace(location, MappedFile(path, ErrorKind::weights)).first->second;
}

Tensor TensorReader::read_external(const Proto& proto, DType dtype, const Shape& shape) {
  const std::string where = name_in(source_.where, proto);
  const ExternalPlace place = place_in(where, proto);
  const std::uint64_t wanted = element_count(shape) * size_of(dtype);
  if (place.length.value_or(wanted) != wanted) {
    fail_onnx(where, {.found = fmt::format("{} bytes of external data", *place.length),
                      .expected = fmt::format("{} for {} {}", wanted, name_of(dtype), to_string(shape))});
  }
  const MappedFile& file = mapped(place.location, where);
  const std::uint64_t size = file.bytes().size();
  if (place.offset > size || size - place.offset < wanted) {
    fail_onnx(where, {.found = fmt::format("bytes {} to {} + {} of '{}', which has {}", place.offset, place.offset,
                                           wanted, place.location, size),
                      .expected = "data that ends inside the file",
                      .tip = "download the data file again: it is truncated, or belongs to another model"});
  }
  const auto offset = to_size(place.offset);
  const auto bytes = file.bytes().subspan(offset, to_size(wanted));
  if (dtype == DType::boolean) return truths(shape, bytes);
  if (wanted == 0 || offset % size_of(dtype) != 0) return Tensor::copied(dtype, shape, bytes);
  return {dtype, shape, file.share(offset)};
}

Tensor TensorReader::read(Proto& proto) {
  const std::string where = name_in(source_.where, proto);
  const DType dtype = dtype_in(where, proto);
  const Shape shape = shape_in(where, proto, dtype);
  if (proto.has_segment()) fail_onnx(where, {.found = "a tensor in segments", .expected = "a whole one"});
  if (proto.data_location() == Proto::EXTERNAL) return read_external(proto, dtype, shape);
  return proto.has_raw_data() ? from_raw(where, proto, dtype, shape) : from_fields(where, proto, dtype, shape);
}

}  // namespace enxerto
