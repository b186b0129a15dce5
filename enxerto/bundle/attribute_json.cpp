#include "enxerto/bundle/attribute_json.h"

#include <cmath>
#include <limits>

#include "enxerto/base/base64.h"

namespace enxerto {

namespace {

[[noreturn]] void refuse_attribute(std::string_view where, std::string found, std::string expected) {
  throw weights_error(std::string(where), std::move(found), std::move(expected));
}

Json write_float(float value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

float read_float(const Json& json, std::string_view where) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  if (json.is_number()) {
    const auto value = json.get<double>();
    if (std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max())) return static_cast<float>(value);
  }
  if (json == "inf") return kInfinity;
  if (json == "-inf") return -kInfinity;
  if (json == "nan") return std::numeric_limits<float>::quiet_NaN();
  refuse_attribute(where, "an attribute is " + json.dump().substr(0, 40), "a float");
}

std::int64_t read_int(const Json& json, std::string_view where) {
  const bool fits = json.is_number_unsigned() ? json.get<std::uint64_t>() <=
                                                    static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
                                              : json.is_number_integer();
  if (!fits) refuse_attribute(where, "an attribute is " + json.dump().substr(0, 40), "an integer");
  return json.get<std::int64_t>();
}

std::string read_string(const Json& json, std::string_view where) {
  if (!json.is_string()) refuse_attribute(where, "an attribute is " + json.dump().substr(0, 40), "a string");
  return json.get<std::string>();
}

template <typename T, T (*read)(const Json&, std::string_view)>
std::vector<T> read_list(const Json& json, std::string_view where) {
  if (!json.is_array()) refuse_attribute(where, "an attribute is " + json.dump().substr(0, 40), "a list");
  std::vector<T> values;
  values.reserve(json.size());
  for (const Json& value : json) values.push_back(read(value, where));
  return values;
}

Tensor read_tensor(const Json& json, std::string_view where) {
  const auto dtype = dtype_named(member<std::string>(json, "dtype", where, ErrorKind::weights));
  if (!dtype) refuse_attribute(where, "an attribute has an unknown dtype", "float32, int64, ..");
  const Shape shape = read_list<std::int64_t, read_int>(member<Json>(json, "shape", where, ErrorKind::weights), where);
  const auto bytes = from_base64(member<std::string>(json, "data", where, ErrorKind::weights));
  if (!bytes) refuse_attribute(where, "an attribute's data is damaged", "base64");
  try {
    return Tensor::copied(*dtype, shape, *bytes);
  } catch (const Error& error) {
    refuse_attribute(where, "a tensor attribute: " + error.text().found, error.text().expected);
  }
}

struct Writer {
  Json operator()(std::int64_t value) const { return {{"int", value}}; }
  Json operator()(float value) const { return {{"float", write_float(value)}}; }
  Json operator()(const std::string& value) const { return {{"string", value}}; }
  Json operator()(const std::vector<std::int64_t>& values) const { return {{"ints", values}}; }
  Json operator()(const std::vector<float>& values) const {
    Json list = Json::array();
    for (const float value : values) list.push_back(write_float(value));
    return {{"floats", std::move(list)}};
  }
  Json operator()(const Tensor& tensor) const {
    return {{"tensor",
             {{"dtype", name_of(tensor.dtype())}, {"shape", tensor.shape()}, {"data", to_base64(tensor.bytes())}}}};
  }
};

struct Type {
  std::string_view name;
  Attribute (*read)(const Json& json, std::string_view where);
};

constexpr Type kTypes[] = {
    {"int", [](const Json& json, std::string_view where) -> Attribute { return read_int(json, where); }},
    {"float", [](const Json& json, std::string_view where) -> Attribute { return read_float(json, where); }},
    {"string", [](const Json& json, std::string_view where) -> Attribute { return read_string(json, where); }},
    {"ints",
     [](const Json& json, std::string_view where) -> Attribute {
       return read_list<std::int64_t, read_int>(json, where);
     }},
    {"floats",
     [](const Json& json, std::string_view where) -> Attribute { return read_list<float, read_float>(json, where); }},
    {"tensor", [](const Json& json, std::string_view where) -> Attribute { return read_tensor(json, where); }},
};

}  // namespace

Json attribute_to_json(const Attribute& attribute) { return std::visit(Writer{}, attribute); }

Attribute attribute_from_json(const Json& json, std::string_view where) {
  if (!json.is_object() || json.size() != 1)
    refuse_attribute(where, "an attribute is not a typed value", "a typed value such as {\"int\": 3}");
  const auto entry = json.begin();
  const std::string& name = entry.key();
  for (const Type& type : kTypes) {
    if (type.name == name) return type.read(entry.value(), where);
  }
  refuse_attribute(where, "unknown attribute type '" + name + "'", "int, float, string, ints, floats or tensor");
}

}  // namespace enxerto
