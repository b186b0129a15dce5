#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/base64.h"
#include "enxerto/tensorflow/graph_def.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostItems = 64;

/// The element types that are held, by name and by number, as types.proto has them.
struct TypeRow {
  std::string_view name;
  std::int64_t number;
  DType held;
};
constexpr std::array<TypeRow, 9> kTypes{{{"DT_FLOAT", 1, DType::f32},
                                         {"DT_DOUBLE", 2, DType::f32},
                                         {"DT_INT32", 3, DType::i64},
                                         {"DT_UINT8", 4, DType::i64},
                                         {"DT_INT16", 5, DType::i64},
                                         {"DT_INT8", 6, DType::i64},
                                         {"DT_INT64", 9, DType::i64},
                                         {"DT_BOOL", 10, DType::boolean},
                                         {"DT_HALF", 19, DType::f32}}};

/// The value of that kind ("s", "i", "list" ..) of an attribute; nullptr where there is no such attribute.
const Json* find_kind(const TfNode& node, std::string_view name, const char* kind) {
  if (!node.attributes.is_object()) return nullptr;
  const auto attribute = node.attributes.find(std::string(name));
  if (attribute == node.attributes.end()) return nullptr;
  if (!attribute->is_object()) refuse_node(node, fmt::format("the attribute '{}' without a value", name), "one");
  const auto value = attribute->find(kind);
  return value == attribute->end() ? nullptr : &*value;
}

[[noreturn]] void refuse_attribute(const TfNode& node, std::string_view name) {
  refuse_node(node, fmt::format("the attribute '{}' of another kind", name), "one as TensorFlow writes it");
}

/// JSON of protobuf has 64-bit numbers as text.
std::int64_t integer_in(const Json& value, const TfNode& node, std::string_view name) {
  if (value.is_number_integer()) {
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) refuse_attribute(node, name);
    return value.get<std::int64_t>();
  }
  if (!value.is_string()) refuse_attribute(node, name);
  const auto& text = value.get_ref<const std::string&>();
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) refuse_attribute(node, name);
  return number;
}

/// Bytes are base64 in JSON; early converters wrote them as numbers.
std::string text_in(const Json& value, const TfNode& node, std::string_view name) {
  std::string text;
  if (value.is_string()) {
    const auto bytes = from_base64(value.get_ref<const std::string&>());
    if (!bytes) refuse_attribute(node, name);
    for (const std::byte byte : *bytes) text += static_cast<char>(byte);
    return text;
  }
  if (!value.is_array()) refuse_attribute(node, name);
  for (const Json& byte : value) {
    const std::int64_t number = integer_in(byte, node, name);
    if (number < 0 || number > 255) refuse_attribute(node, name);
    text += static_cast<char>(number);
  }
  return text;
}

/// The items of a list's one kind.
Json items_of(const TfNode& node, std::string_view name, const char* kind) {
  const Json* const list = find_kind(node, name, "list");
  if (list == nullptr) return Json::array();
  if (!list->is_object()) refuse_attribute(node, name);
  const auto items = list->find(kind);
  if (items == list->end()) return Json::array();
  if (!items->is_array() || items->size() > kMostItems) refuse_attribute(node, name);
  return *items;
}

}  // namespace

std::string text_attribute(const TfNode& node, std::string_view name, std::string fallback) {
  const Json* const value = find_kind(node, name, "s");
  return value == nullptr ? std::move(fallback) : text_in(*value, node, name);
}

bool flag_attribute(const TfNode& node, std::string_view name, bool fallback) {
  const Json* const value = find_kind(node, name, "b");
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) refuse_attribute(node, name);
  return value->get<bool>();
}

double number_attribute(const TfNode& node, std::string_view name, double fallback) {
  const Json* const value = find_kind(node, name, "f");
  if (value == nullptr) return fallback;
  if (!value->is_number()) refuse_attribute(node, name);
  return value->get<double>();
}

std::int64_t integer_attribute(const TfNode& node, std::string_view name, std::int64_t fallback) {
  const Json* const value = find_kind(node, name, "i");
  return value == nullptr ? fallback : integer_in(*value, node, name);
}

std::vector<std::int64_t> integers_attribute(const TfNode& node, std::string_view name) {
  std::vector<std::int64_t> numbers;
  for (const Json& item : items_of(node, name, "i")) numbers.push_back(integer_in(item, node, name));
  return numbers;
}

std::vector<std::string> texts_attribute(const TfNode& node, std::string_view name) {
  std::vector<std::string> texts;
  for (const Json& item : items_of(node, name, "s")) texts.push_back(text_in(item, node, name));
  return texts;
}

std::optional<DType> type_attribute(const TfNode& node, std::string_view name) {
  const Json* const value = find_kind(node, name, "type");
  if (value == nullptr) return std::nullopt;
  const auto* const row = std::ranges::find_if(kTypes, [&](const TypeRow& type) {
    return value->is_string() ? *value == std::string(type.name) : *value == type.number;
  });
  return row == kTypes.end() ? std::nullopt : std::optional(row->held);
}

std::optional<std::vector<std::int64_t>> shape_attribute(const TfNode& node, std::string_view name) {
  constexpr std::int64_t kLargest = std::int64_t{1} << 31;
  const Json* const shape = find_kind(node, name, "shape");
  if (shape == nullptr || !shape->is_object() || shape->contains("unknownRank")) return std::nullopt;
  std::vector<std::int64_t> sizes;
  const auto dims = shape->find("dim");
  if (dims == shape->end()) return sizes;
  if (!dims->is_array() || dims->size() > kMostItems) refuse_attribute(node, name);
  for (const Json& dim : *dims) {
    if (!dim.is_object()) refuse_attribute(node, name);
    const auto size = dim.find("size");
    sizes.push_back(size == dim.end() ? 0 : integer_in(*size, node, name));
    if (sizes.back() < -1 || sizes.back() > kLargest) refuse_attribute(node, name);
  }
  return sizes;
}

}  // namespace enxerto
