#include "enxerto/media/text/folder_config.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestConfig = std::size_t{16} << 20;
constexpr double kNoLimit = 1e7;  // transformers writes int(1e30) where there is none

Json object_in(const std::filesystem::path& file) {
  if (!is_file(file)) return Json::object();
  Json object = read_json(file, kLargestConfig, ErrorKind::weights);
  if (!object.is_object()) throw weights_error(file.string(), object.type_name(), "a JSON object");
  return object;
}

const Json* found_in(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> token_in(const Json& object, std::string_view key) {
  const Json* value = found_in(object, key);
  if (value != nullptr && value->is_object()) value = found_in(*value, "content");
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

/// An entry of a list of tokens, or of a key, with all that there is to say of it.
std::optional<Json> whole_token(const Json& value, bool special, bool lstrip = false) {
  if (!value.is_string() && !value.is_object()) return std::nullopt;
  const Json given = value.is_string() ? Json{{"content", value}} : value;
  const auto content = given.find("content");
  if (content == given.end() || !content->is_string()) return std::nullopt;
  const auto flag = [&](const char* key, bool usual) {
    const auto found = given.find(key);
    return found != given.end() && found->is_boolean() ? found->get<bool>() : usual;
  };
  special = flag("special", special);
  return Json{{"content", *content},
              {"single_word", flag("single_word", false)},
              {"lstrip", flag("lstrip", lstrip)},
              {"rstrip", flag("rstrip", false)},
              {"normalized", flag("normalized", !special)},
              {"special", special}};
}

std::optional<std::int64_t> id_in(const std::string& digits) {
  std::int64_t id = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (problem != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return id;
}

std::optional<std::int64_t> length_in(const Json& object, std::string_view key) {
  const Json* value = found_in(object, key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double length = value->get<double>();
  if (!(length >= 1) || length > kNoLimit) return std::nullopt;
  return static_cast<std::int64_t>(length);
}

}  // namespace

FolderConfig::FolderConfig(const std::filesystem::path& folder)
    : folder_(folder),
      tokenizer_(object_in(folder / "tokenizer_config.json")),
      special_(object_in(folder / "special_tokens_map.json")),
      added_(object_in(folder / "added_tokens.json")),
      sentence_(object_in(folder / "sentence_bert_config.json")),
      prompts_(object_in(folder / "config_sentence_transformers.json")),
      network_(object_in(folder / "config.json")) {}

bool FolderConfig::has(const char* file) const { return is_file(folder_ / file); }

std::optional<std::string> FolderConfig::text(std::string_view key) const {
  const Json* value = found_in(tokenizer_, key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

std::optional<bool> FolderConfig::flag(std::string_view key) const {
  const Json* value = found_in(tokenizer_, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean())
    throw weights_error((folder_ / "tokenizer_config.json").string(), fmt::format("{} = {}", key, value->dump()),
                        "true or false");
  return value->get<bool>();
}

std::optional<std::string> FolderConfig::token(std::string_view key) const {
  const std::optional<std::string> own = token_in(tokenizer_, key);
  return own ? own : token_in(special_, key);
}

std::optional<Json> FolderConfig::found_token(std::string_view key, bool lstrip) const {
  for (const Json* const object : {&tokenizer_, &special_})
    if (const Json* const value = found_in(*object, key))
      if (std::optional<Json> token = whole_token(*value, true, lstrip)) return token;
  return std::nullopt;
}

std::vector<Json> FolderConfig::added_tokens() const {
  std::map<std::int64_t, Json> by_id;
  const auto refuse = [&](const char* file, const std::string& key, const Json& value) {
    throw weights_error((folder_ / file).string(), fmt::format("'{}': {}", key, value.dump(-1, ' ', true)),
                        "tokens with their ids");
  };
  if (const Json* const decoder = found_in(tokenizer_, "added_tokens_decoder")) {
    for (const auto& [key, value] : decoder->items()) {
      const std::optional<std::int64_t> id = id_in(key);
      std::optional<Json> token = whole_token(value, false);
      if (!id || !value.is_object() || !token) refuse("tokenizer_config.json", key, value);
      by_id.insert_or_assign(*id, *std::move(token));
    }
  } else {
    for (const auto& [content, id] : added_.items()) {
      if (!id.is_number_integer()) refuse("added_tokens.json", content, id);
      by_id.insert_or_assign(id.get<std::int64_t>(), whole_token(content, false).value());
    }
  }
  std::vector<Json> tokens;
  for (auto& [id, token] : by_id) tokens.push_back(std::move(token));
  return tokens;
}

std::vector<Json> FolderConfig::more_special_tokens() const {
  std::vector<Json> tokens;
  for (const Json* const object : {&tokenizer_, &special_}) {
    for (const char* const key : {"additional_special_tokens", "extra_special_tokens"}) {
      const Json* const list = found_in(*object, key);
      if (list == nullptr) continue;
      for (const auto& [_, value] : list->items())
        if (std::optional<Json> token = whole_token(value, true)) tokens.push_back(*std::move(token));
    }
    if (!tokens.empty()) break;
  }
  return tokens;
}

std::optional<std::int64_t> FolderConfig::max_length() const {
  const std::optional<std::int64_t> model = length_in(tokenizer_, "model_max_length");
  const std::optional<std::int64_t> sentence = length_in(sentence_, "max_seq_length");
  if (model && sentence) return std::min(*model, *sentence);
  return model ? model : sentence;
}

std::optional<bool> FolderConfig::sentence_flag(std::string_view key) const {
  const Json* const value = found_in(sentence_, key);
  return value != nullptr && value->is_boolean() ? std::optional(value->get<bool>()) : std::nullopt;
}

std::string FolderConfig::model_type() const { return token_in(network_, "model_type").value_or(""); }

std::string FolderConfig::default_prompt() const {
  const Json* name = found_in(prompts_, "default_prompt_name");
  const Json* prompts = found_in(prompts_, "prompts");
  if (name == nullptr || !name->is_string() || prompts == nullptr || !prompts->is_object()) return "";
  return token_in(*prompts, name->get<std::string>()).value_or("");
}

}  // namespace enxerto
