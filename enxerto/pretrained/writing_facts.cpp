#include "enxerto/pretrained/writing_facts.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"
#include "enxerto/media/text/folder_config.h"
#include "enxerto/pretrained/gguf_backbone.h"
#include "enxerto/weights/gguf/gguf.h"
#include "enxerto/weights/gguf/gguf_header.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {
namespace {

using Path = std::filesystem::path;

constexpr std::size_t kLargestJson = std::size_t{16} << 20, kLargestTemplate = std::size_t{1} << 20;
constexpr std::array kSpecialTokens{"bos_token", "eos_token", "unk_token", "pad_token"};

Json object_at(const Path& file) {
  if (!is_file(file)) return Json::object();
  Json object = read_json(file, kLargestJson, ErrorKind::weights);
  if (!object.is_object()) throw weights_error(file.string(), object.type_name(), "a JSON object");
  return object;
}

/// One id or a list of them under "eos_token_id"; empty where it is not said.
std::vector<std::int64_t> ends_in(const Json& object, const Path& file) {
  std::vector<std::int64_t> ends;
  const auto found = object.find("eos_token_id");
  if (found == object.end() || found->is_null()) return ends;
  for (const Json& id : found->is_array() ? *found : Json::array({*found})) {
    if (!id.is_number_integer() || id < 0)
      throw weights_error(fmt::format("{}: eos_token_id", file.string()), as_utf8(id.dump()),
                          "the number of a token, or a list of them");
    ends.push_back(id.get<std::int64_t>());
  }
  return ends;
}

/// Of several templates the one that is called "default".
std::string template_in(const Json& config, const Path& file) {
  const auto found = config.find("chat_template");
  if (found == config.end() || found->is_null()) return "";
  if (found->is_string()) return found->get<std::string>();
  if (found->is_array())
    for (const Json& one : *found)
      if (one.is_object() && one.value("name", Json()) == "default" && one.value("template", Json()).is_string())
        return one.at("template").get<std::string>();
  throw weights_error(fmt::format("{}: chat_template", file.string()), found->type_name(),
                      "a text, or a list of templates of which one is called default");
}

WritingFacts folder_facts(const Path& folder) {
  WritingFacts facts;
  for (const char* name : {"generation_config.json", "config.json"})
    if (facts.ends.empty()) facts.ends = ends_in(object_at(folder / name), folder / name);
  const Path tokenizer = folder / "tokenizer_config.json", alone = folder / "chat_template.jinja";
  facts.chat_template = is_file(alone) ? read_text(alone, kLargestTemplate, ErrorKind::weights)
                                       : template_in(object_at(tokenizer), tokenizer);
  const FolderConfig config(folder);
  for (const char* name : kSpecialTokens)
    if (const std::optional<std::string> token = config.token(name)) facts.special[name] = *token;
  return facts;
}

WritingFacts gguf_facts(const Path& file) {
  const MappedFile mapped(file, ErrorKind::weights);
  const GgufHeader header =
      read_gguf_header({.bytes = mapped.bytes(), .owner = mapped.share(0), .where = file.string(), .path = file});
  WritingFacts facts;
  const auto* const pieces = header.find<std::vector<std::string>>("tokenizer.ggml.tokens");
  constexpr std::array<std::pair<const char*, const char*>, 2> kIds{
      {{"bos_token", "tokenizer.ggml.bos_token_id"}, {"eos_token", "tokenizer.ggml.eos_token_id"}}};
  for (const auto& [name, key] : kIds) {
    const auto* const id = header.find<std::uint64_t>(key);
    if (id == nullptr || pieces == nullptr || *id >= pieces->size()) continue;
    facts.special[name] = (*pieces)[*id];
    if (std::string_view(name) == "eos_token") facts.ends = {static_cast<std::int64_t>(*id)};
  }
  if (const auto* const text = header.find<std::string>("tokenizer.chat_template")) facts.chat_template = *text;
  return facts;
}

}  // namespace

WritingFacts writing_facts(const Path& weights_file) {
  if (is_gguf_file(weights_file)) return gguf_facts(weights_file);
  const Path folder = weights_file.parent_path();
  return is_file(folder / "config.json") ? folder_facts(folder) : WritingFacts{};
}

std::optional<Tensor> output_words(const Backbone& backbone, const Shape& table) {
  constexpr std::array<std::string_view, 3> kNames{"lm_head.weight", "embed_out.weight", "output.weight"};
  const WeightFile file = read_weights(backbone.weights_file);
  for (const std::string_view name : kNames) {
    const Tensor* const found = file.tensors.find(std::string(name));
    if (found == nullptr) continue;
    if (found->shape() != table)
      throw weights_error(backbone.weights_file, fmt::format("{} is {}", name, to_string(found->shape())),
                          fmt::format("{}, as the table of word vectors", to_string(table)));
    return found->to_float32();
  }
  return std::nullopt;
}

}  // namespace enxerto
