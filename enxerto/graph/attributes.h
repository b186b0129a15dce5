#pragma once
#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Throws Error{weights}: the node's attribute is missing, or of another type than the operation wants.
[[noreturn]] void fail_attribute(const Node& node, std::string_view attribute, std::string_view found);

/// The attribute, or nullptr where it is not there. Throws Error{weights} where it is of another type than `T`, one of
/// the alternatives of `Attribute`.
template <typename T>
const T* find_attribute(const Node& node, std::string_view name) {
  const auto place = node.attributes.find(name);
  if (place == node.attributes.end()) return nullptr;
  const T* value = std::get_if<T>(&place->second);
  if (value == nullptr) fail_attribute(node, name, "of another type");
  return value;
}

/// The attribute, or `fallback` where it is not there.
template <typename T>
T attribute(const Node& node, std::string_view name, T fallback) {
  const T* value = find_attribute<T>(node, name);
  if (value != nullptr) fallback = *value;
  return fallback;
}

/// The attribute, which the operation cannot do without. Throws Error{weights} where it is not there.
template <typename T>
const T& required_attribute(const Node& node, std::string_view name) {
  const T* value = find_attribute<T>(node, name);
  if (value == nullptr) fail_attribute(node, name, "missing");
  return *value;
}

}  // namespace enxerto
