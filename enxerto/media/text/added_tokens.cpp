#include "enxerto/media/text/added_tokens.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"

namespace enxerto {
namespace {

std::optional<std::int64_t> id_in_vocabulary(const VocabularyJson& vocabulary, const std::string& name) {
  const auto found = vocabulary.find(name);
  if (found == vocabulary.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

/// Tokens in the order in which they are added; of two with the same text the first holds.
class TokenList {
 public:
  explicit TokenList(const VocabularyJson& vocabulary) : vocabulary_(vocabulary) {}

  /// Whether there is one with that text now.
  bool add(Json token, bool beside_too) {
    const std::string name = token.at("content").get<std::string>();
    if (known_.contains(name)) return true;
    const std::optional<std::int64_t> id = id_in_vocabulary(vocabulary_, name);
    if (!id && !beside_too) return false;
    known_.insert(name);
    token["id"] = id.value_or(static_cast<std::int64_t>(vocabulary_.size() + beside_.size()));
    if (id)
      inside_.emplace(*id, std::move(token));
    else
      beside_.push_back(std::move(token));
    return true;
  }

  void make_special(const std::string& name) {
    for (auto& [_, token] : inside_)
      if (token.at("content") == name) token["special"] = true;
    for (Json& token : beside_)
      if (token.at("content") == name) token["special"] = true;
  }

  Json finish() && {
    Json list = Json::array();
    for (auto& [_, token] : inside_) list.push_back(std::move(token));
    for (Json& token : beside_) list.push_back(std::move(token));
    return list;
  }

 private:
  const VocabularyJson& vocabulary_;
  std::set<std::string> known_;
  std::map<std::int64_t, Json> inside_;
  std::vector<Json> beside_;
};

/// As `json.dumps` and the library tokenizers write the token, whatever they put behind a colon.
bool names_token(std::string_view json, const std::string& content) {
  for (const bool ascii : {false, true})
    for (const char* const space : {"", " "})
      if (json.find(fmt::format("\"content\":{}{}", space, Json(content).dump(-1, ' ', ascii))) !=
          std::string_view::npos)
        return true;
  return false;
}

/// The pieces of a model with their ids: those of Unigram are a list of pieces and scores.
VocabularyJson numbered(const VocabularyJson& vocabulary) {
  if (!vocabulary.is_array()) return vocabulary;
  VocabularyJson ids = VocabularyJson::object();
  for (std::size_t i = 0; i < vocabulary.size(); ++i)
    if (vocabulary[i].is_array() && !vocabulary[i].empty() && vocabulary[i][0].is_string())
      ids.emplace(vocabulary[i][0].get<std::string>(), i);
  return ids;
}

}  // namespace

AddedTokens added_tokens(const FolderConfig& config, const char* file, const VocabularyJson& vocabulary,
                         std::span<const SpecialToken> specials) {
  AddedTokens added;
  TokenList tokens(vocabulary);
  const std::vector<Json> more = config.more_special_tokens();
  for (Json token : config.added_tokens()) {
    if (std::ranges::any_of(more, [&](const Json& each) { return each.at("content") == token.at("content"); }))
      token["special"] = true;
    tokens.add(std::move(token), true);
  }
  for (const SpecialToken& special : specials) {
    const std::optional<Json> stated = config.found_token(special.key, special.lstrip);
    Json token = stated.value_or(added_token(std::string(special.usual), 0, special.lstrip));
    const std::string name = token["content"].get<std::string>();
    added.names.push_back(name);
    if (!tokens.add(std::move(token), stated.has_value()) && special.needed)
      throw weights_error((config.folder() / file).string(),
                          fmt::format("no token '{}', the {}", as_utf8(name), special.key), "a vocabulary that has it",
                          "take the files of one tokenizer together");
    tokens.make_special(name);
  }
  for (const Json& token : more) tokens.add(token, true);
  added.list = std::move(tokens).finish();
  return added;
}

bool has_token(const Json& list, std::string_view content) {
  return std::ranges::any_of(list, [&](const Json& token) { return token.at("content") == content; });
}

std::int64_t id_of(const Json& list, std::string_view content) {
  const auto found = std::ranges::find_if(list, [&](const Json& token) { return token.at("content") == content; });
  return found->at("id").get<std::int64_t>();
}

std::string with_added_tokens(std::string json, const FolderConfig& config) {
  std::vector<Json> missing;
  for (Json& token : config.added_tokens())
    if (!names_token(json, token["content"].get<std::string>())) missing.push_back(std::move(token));
  if (missing.empty()) return json;
  VocabularyJson members = VocabularyJson::parse(json, nullptr, false);
  const auto model = members.is_object() ? members.find("model") : members.end();
  if (model == members.end() || !model->is_object()) return json;  // refused where it is opened
  VocabularyJson& list = members["added_tokens"];
  if (list.is_null()) list = VocabularyJson::array();
  const VocabularyJson vocabulary = numbered(model->contains("vocab") ? model->at("vocab") : VocabularyJson::object());
  std::int64_t next = static_cast<std::int64_t>(vocabulary.size());
  for (const VocabularyJson& token : list)
    if (token.is_object() && token.contains("id") && token.at("id").is_number_integer())
      next = std::max(next, token.at("id").get<std::int64_t>() + 1);
  for (const Json& token : missing) {
    VocabularyJson entry = token;
    const std::optional<std::int64_t> id = id_in_vocabulary(vocabulary, token["content"].get<std::string>());
    entry["id"] = id ? *id : next++;
    list.push_back(std::move(entry));
  }
  return members.dump();
}

std::string with_stated_case(std::string json, const FolderConfig& config) {
  struct Flag {
    const char *stated, *ours;
  };
  constexpr std::array<Flag, 3> kFlags{{{"do_lower_case", "lowercase"},
                                        {"strip_accents", "strip_accents"},
                                        {"tokenize_chinese_chars", "handle_chinese_chars"}}};
  const std::string kind = config.text("tokenizer_class").value_or("");
  if (kind == "PreTrainedTokenizerFast" || kind == "TokenizersBackend" ||
      json.find("BertNormalizer") == std::string::npos ||
      std::ranges::none_of(kFlags, [&](const Flag& flag) { return config.flag(flag.stated).has_value(); }))
    return json;
  VocabularyJson members = VocabularyJson::parse(json, nullptr, false);
  if (!members.is_object()) return json;  // refused where it is opened
  const auto normalizer = members.find("normalizer");
  if (normalizer == members.end() || !normalizer->is_object() || !normalizer->contains("type") ||
      normalizer->at("type") != "BertNormalizer")
    return json;
  bool changed = false;
  for (const Flag& flag : kFlags) {
    const std::optional<bool> stated = config.flag(flag.stated);
    if (!stated || (normalizer->contains(flag.ours) && normalizer->at(flag.ours) == *stated)) continue;
    (*normalizer)[flag.ours] = *stated;
    changed = true;
  }
  return changed ? members.dump() : json;
}

}  // namespace enxerto
