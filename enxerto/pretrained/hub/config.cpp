#include "enxerto/pretrained/hub/config.h"

#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

constexpr std::size_t kLimit = std::size_t{16} << 20U, kShownLetters = 80;

std::string shortened(const Json& value) {
  std::string text = value.dump(-1, ' ', true);
  if (text.size() <= kShownLetters) return text;
  text.resize(kShownLetters);
  return text.append("..");
}

}  // namespace

HubConfig::HubConfig(const std::filesystem::path& file)
    : HubConfig(read_json(file, kLimit, ErrorKind::weights), file.string()) {}

HubConfig::HubConfig(Json object, std::string where) : object_(std::move(object)), where_(std::move(where)) {
  if (!object_.is_object()) fail("is " + shortened(object_), "a JSON object");
}

const Json* HubConfig::find(std::string_view key) const {
  const auto at = object_.find(std::string(key));
  return at == object_.end() || at->is_null() ? nullptr : &*at;
}

std::string HubConfig::text(std::string_view key, std::string_view fallback) const {
  const Json* const value = find(key);
  if (value == nullptr) return std::string(fallback);
  if (!value->is_string()) fail_type(key, *value, "a text");
  return value->get<std::string>();
}

double HubConfig::number(std::string_view key, double fallback) const {
  const Json* const value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_number()) fail_type(key, *value, "a number");
  return value->get<double>();
}

std::int64_t HubConfig::integer(std::string_view key, std::int64_t fallback) const {
  const Json* const value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_number_integer()) fail_type(key, *value, "a whole number");
  return value->get<std::int64_t>();
}

bool HubConfig::flag(std::string_view key, bool fallback) const {
  const Json* const value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) fail_type(key, *value, "true or false");
  return value->get<bool>();
}

std::vector<double> HubConfig::numbers(std::string_view key, std::vector<double> fallback) const {
  const Json* const value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_array()) fail_type(key, *value, "a list of numbers");
  std::vector<double> list;
  for (const Json& element : *value) {
    if (!element.is_number()) fail_type(key, *value, "a list of numbers");
    list.push_back(element.get<double>());
  }
  return list;
}

std::vector<std::string> HubConfig::texts(std::string_view key) const {
  std::vector<std::string> list;
  const Json* const value = find(key);
  if (value == nullptr) return list;
  if (!value->is_array()) fail_type(key, *value, "a list of strings");
  for (const Json& element : *value) {
    if (!element.is_string()) fail_type(key, *value, "a list of strings");
    list.push_back(element.get<std::string>());
  }
  return list;
}

HubConfig HubConfig::inside(std::string_view key) const {
  const Json* const value = find(key);
  if (value != nullptr && !value->is_object()) fail_type(key, *value, "an object");
  return {value == nullptr ? Json::object() : *value, where_};
}

void HubConfig::fail(std::string found, std::string expected, std::string tip) const {
  throw weights_error(where_, std::move(found), std::move(expected), std::move(tip));
}

void HubConfig::fail_type(std::string_view key, const Json& value, std::string_view type) const {
  fail(fmt::format("'{}' is {}", key, shortened(value)), std::string(type));
}

HubConfig optional_config(const std::filesystem::path& file) {
  return is_file(file) ? HubConfig(file) : HubConfig(Json::object(), file.string());
}

}  // namespace enxerto
