#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "enxerto/files/toml.h"

namespace enxerto {
namespace {

[[noreturn]] void fail(std::string found) { throw usage_error("TOML", std::move(found), "a value that TOML can hold"); }

bool is_bare(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](unsigned char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '_' || letter == '-';
  });
}

std::string key_text(const std::string& key) { return is_bare(key) ? key : toml_quote(key); }

std::string float_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

bool is_table_array(const Json& value) {
  return value.is_array() && !value.empty() &&
         std::ranges::all_of(value, [](const Json& element) { return element.is_object(); });
}

std::string inline_text(const Json& value);

std::string inline_table(const Json& object) {
  std::string text = "{";
  for (const auto& [key, value] : object.items()) {
    if (value.is_null()) continue;
    text += (text.size() == 1 ? " " : ", ") + key_text(key) + " = " + inline_text(value);
  }
  return text + (text.size() == 1 ? "}" : " }");
}

std::string inline_text(const Json& value) {
  switch (value.type()) {
    case Json::value_t::string:
      return toml_quote(value.get_ref<const std::string&>());
    case Json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    case Json::value_t::number_integer:
      return fmt::format("{}", value.get<std::int64_t>());
    case Json::value_t::number_unsigned:
      if (value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) fail("a number above 2^63 - 1");
      return fmt::format("{}", value.get<std::uint64_t>());
    case Json::value_t::number_float:
      return float_text(value.get<double>());
    case Json::value_t::object:
      return inline_table(value);
    case Json::value_t::array: {
      std::string text = "[";
      for (const Json& element : value) text += (text.size() == 1 ? "" : ", ") + inline_text(element);
      return text + "]";
    }
    default:
      fail("a null inside an array");
  }
}

void append_table(std::string& text, const std::string& name, const Json& object) {
  for (const auto& [key, value] : object.items()) {
    if (value.is_null() || value.is_object() || is_table_array(value)) continue;
    text += fmt::format("{} = {}\n", key_text(key), inline_text(value));
  }
  for (const auto& [key, value] : object.items()) {
    const std::string path = name.empty() ? key_text(key) : name + "." + key_text(key);
    if (value.is_object()) {
      text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", path);
      append_table(text, path, value);
    } else if (is_table_array(value)) {
      for (const Json& element : value) {
        text += fmt::format("{}[[{}]]\n", text.empty() ? "" : "\n", path);
        append_table(text, path, element);
      }
    }
  }
}

}  // namespace

std::string toml_quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      quoted += '\\';
      quoted += letter;
    } else if (letter == '\n') {
      quoted += "\\n";
    } else if (letter == '\t') {
      quoted += "\\t";
    } else if (code < 0x20 || code == 0x7f) {
      quoted += fmt::format("\\u{:04X}", code);
    } else {
      quoted += letter;
    }
  }
  return quoted + "\"";
}

std::string to_toml(const Json& object) {
  if (!object.is_object()) fail("a root value that is not an object");
  std::string text;
  append_table(text, "", object);
  return text;
}

}  // namespace enxerto
