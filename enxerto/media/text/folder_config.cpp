#include "enxerto/media/text/folder_config.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <system_error>

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

std::optional<std::int64_t> FolderConfig::max_length() const {
  const std::optional<std::int64_t> model = length_in(tokenizer_, "model_max_length");
  const std::optional<std::int64_t> sentence = length_in(sentence_, "max_seq_length");
  if (model && sentence) return std::min(*model, *sentence);
  return model ? model : sentence;
}

std::string FolderConfig::model_type() const { return token_in(network_, "model_type").value_or(""); }

std::string FolderConfig::default_prompt() const {
  const Json* name = found_in(prompts_, "default_prompt_name");
  const Json* prompts = found_in(prompts_, "prompts");
  if (name == nullptr || !name->is_string() || prompts == nullptr || !prompts->is_object()) return "";
  return token_in(*prompts, name->get<std::string>()).value_or("");
}

}  // namespace enxerto
