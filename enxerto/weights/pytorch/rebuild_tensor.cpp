#include "enxerto/weights/pytorch/rebuild_tensor.h"

#include <fmt/format.h>

#include <cstring>
#include <string>
#include <utility>

#include "enxerto/base/to_size.h"
#include "enxerto/weights/foreign_tensor.h"
#include "enxerto/weights/pytorch/torch_names.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::size_t kRankLimit = 64;  // PyTorch's own
constexpr int kRebuildDepthLimit = 8;

bool is_rebuild(TorchRole role) {
  return role == TorchRole::rebuild_tensor || role == TorchRole::rebuild_tensor_v2 ||
         role == TorchRole::rebuild_tensor_v3 || role == TorchRole::rebuild_parameter ||
         role == TorchRole::rebuild_from_type;
}

const PickleValue* element(const PickleValue& tuple, std::size_t index) {
  return index < tuple.elements.size() ? tuple.elements[index] : nullptr;
}

/// A tuple of numbers, or torch.Size of one; nothing for anything else.
std::optional<Shape> numbers(const PickleValue* value) {
  if (value != nullptr && value->is(PickleKind::object) && torch_name(*value->callee).role == TorchRole::size) {
    value = element(*value->argument, 0);
  }
  if (value == nullptr || (!value->is(PickleKind::tuple) && !value->is(PickleKind::list))) return std::nullopt;
  if (value->elements.size() > kRankLimit) return std::nullopt;
  Shape found;
  for (const PickleValue* number : value->elements) {
    if (!number->is(PickleKind::integer) || number->integer < 0) return std::nullopt;
    found.push_back(number->integer);
  }
  return found;
}

bool is_dense(const Shape& shape, const Shape& strides) {
  std::int64_t expected = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    if (shape[i] != 1 && strides[i] != expected) return false;
    expected *= shape[i];
  }
  return true;
}

/// One past the highest element that a view touches, nothing where it does not fit 63 bits. No size is 0.
std::optional<std::int64_t> reach(std::int64_t offset, const Shape& shape, const Shape& strides) {
  std::int64_t last = offset;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    std::int64_t step = 0;
    if (__builtin_mul_overflow(shape[i] - 1, strides[i], &step) || __builtin_add_overflow(last, step, &last)) {
      return std::nullopt;
    }
  }
  if (last == INT64_MAX) return std::nullopt;
  return last + 1;
}

template <typename Word>
void copy_strided(const std::byte* from, std::byte* to, const Shape& shape, const Shape& strides, std::size_t count) {
  Shape index(shape.size(), 0);
  std::int64_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(to + i * sizeof(Word), from + to_size(at) * sizeof(Word), sizeof(Word));
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      at += strides[axis];
      if (++index[axis] < shape[axis]) break;
      at -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

}  // namespace

struct TensorRebuilder::View {
  StorageReference storage;
  DType dtype = DType::f32;
  std::int64_t offset = 0;
  Shape shape, strides;
};

bool is_tensor(const PickleValue& value) {
  if (!value.is(PickleKind::object) || !value.callee->is(PickleKind::global)) return false;
  const PickleValue& callee = *value.callee;
  return is_rebuild(torch_name(callee).role) ||
         (callee.module.starts_with("torch.") && callee.text.starts_with("_rebuild"));
}

Tensor TensorRebuilder::rebuild(const PickleValue& value, std::string_view name) {
  return call(*value.callee, *value.argument, name, 0);
}

void TensorRebuilder::fail(std::string_view name, std::string found) const {
  throw_weights_error(where_, {.found = fmt::format("tensor {} {}", shown(name), found),
                               .expected = "a dense tensor of float, int or bool elements",
                               .tip = "save the weights again with torch.save(model.state_dict(), ..)"});
}

Tensor TensorRebuilder::call(const PickleValue& callee, const PickleValue& arguments, std::string_view name,
                             int depth) {
  const TorchRole role = torch_name(callee).role;
  if (!is_rebuild(role)) {
    fail(name,
         fmt::format("is made by {}, which is not supported", shown(fmt::format("{}.{}", callee.module, callee.text))));
  }
  if (depth == kRebuildDepthLimit) fail(name, "is wrapped too many times");
  const PickleValue* const first = element(arguments, 0);
  if (first == nullptr) fail(name, "has no storage");
  if (role == TorchRole::rebuild_parameter) {
    if (!is_tensor(*first)) fail(name, "is a parameter without a tensor");
    return call(*first->callee, *first->argument, name, depth + 1);
  }
  if (role == TorchRole::rebuild_from_type) {
    const PickleValue* const inner = element(arguments, 2);
    if (inner == nullptr) fail(name, "is damaged");
    return call(*first, *inner, name, depth + 1);
  }
  const auto storage = storage_reference(*first, where_);
  const PickleValue* const offset = element(arguments, 1);
  const auto shape = numbers(element(arguments, 2)), strides = numbers(element(arguments, 3));
  const bool sound = storage && offset != nullptr && offset->is(PickleKind::integer) && offset->integer >= 0 && shape &&
                     strides && shape->size() == strides->size();
  if (!sound) fail(name, "has a damaged storage, offset, size or stride");
  if (!storage->foreign.empty())
    fail(name, fmt::format("lies in a {}, whose elements are not supported", storage->foreign));
  View view{*storage, storage->dtype.value_or(DType::u8), offset->integer, *shape, *strides};
  if (role == TorchRole::rebuild_tensor_v3) {
    const PickleValue* const type = element(arguments, 6);
    const TorchName named = type == nullptr ? TorchName{} : torch_name(*type);
    if (named.role != TorchRole::dtype) fail(name, "has elements of an unsupported type");
    view.dtype = named.dtype;
  } else if (!storage->dtype) {
    fail(name, "has a storage without a type");
  }
  // Conjugated and negated views keep their sign here, in a dict behind the usual arguments.
  const PickleValue* const metadata = element(arguments, role == TorchRole::rebuild_tensor_v3 ? 7 : 6);
  if (metadata != nullptr && !metadata->items.empty()) fail(name, "is a lazily negated or conjugated view");
  return make(view, name);
}

Tensor TensorRebuilder::make(const View& view, std::string_view name) {
  const auto bytes = byte_count(view.dtype, view.shape);
  if (!bytes) fail(name, "has the shape " + to_string(view.shape) + ", too large to exist");
  const StorageReference& storage = view.storage;
  const StoredBytes stored = source_(storage.key);
  const std::uint64_t width = storage.width;
  if (stored.size % width != 0 || stored.size / width != storage.count) {
    fail(name, fmt::format("has a storage of {} elements declared and {} bytes stored", storage.count, stored.size));
  }
  if (*bytes == 0) return foreign_tensor(view.dtype, view.shape, stored.data);
  const auto needed = reach(view.offset, view.shape, view.strides);
  const std::uint64_t room = storage.view_count * width / size_of(view.dtype);
  if (!needed || static_cast<std::uint64_t>(*needed) > room) {
    fail(name, fmt::format("of shape {} reaches past its storage of {} elements", to_string(view.shape), room));
  }
  const std::uint64_t begin =
      storage.view_begin * width + static_cast<std::uint64_t>(view.offset) * size_of(view.dtype);
  const std::shared_ptr<const std::byte> at(stored.data, stored.data.get() + begin);
  if (is_dense(view.shape, view.strides)) return foreign_tensor(view.dtype, view.shape, at);
  return gather(view, at.get(), name);
}

Tensor TensorRebuilder::gather(const View& view, const std::byte* from, std::string_view name) {
  const std::size_t bytes = byte_count(view.dtype, view.shape).value();
  if (bytes > copies_left_) fail(name, fmt::format("of {} bytes is expanded from much fewer", bytes));
  copies_left_ -= bytes;
  TensorBuffer buffer(view.dtype, view.shape);
  const auto copy = [&]<typename Word>(Word) {
    copy_strided<Word>(from, buffer.data(), view.shape, view.strides, buffer.size());
  };
  switch (size_of(view.dtype)) {
    case 1:
      copy(std::uint8_t{});
      break;
    case 2:
      copy(std::uint16_t{});
      break;
    case 4:
      copy(std::uint32_t{});
      break;
    default:
      copy(std::uint64_t{});
  }
  const Tensor dense = std::move(buffer).freeze();
  const auto owner = std::make_shared<const Tensor>(dense);
  return foreign_tensor(dense.dtype(), dense.shape(), {owner, dense.data()});
}

}  // namespace enxerto
