#include "enxerto/media/text/tokenizer_json.h"

namespace enxerto {

std::string tokenizer_json(const TokenizerParts& parts) {
  const Json before{{"version", "1.0"},
                    {"truncation", nullptr},
                    {"padding", nullptr},
                    {"added_tokens", parts.added},
                    {"normalizer", parts.normalizer},
                    {"pre_tokenizer", parts.pre_tokenizer},
                    {"post_processor", parts.post_processor},
                    {"decoder", parts.decoder}};
  std::string text = before.dump();
  text.pop_back();
  return text + ",\"model\":" + parts.model.dump() + "}";
}

Json added_token(const std::string& content, const Json& id, bool lstrip) {
  return {{"id", id},        {"content", content},  {"single_word", false}, {"lstrip", lstrip},
          {"rstrip", false}, {"normalized", false}, {"special", true}};
}

Json piece_of_template(const std::string& token, int type) {
  return {{"SpecialToken", {{"id", token}, {"type_id", type}}}};
}

Json text_of_template(const char* name, int type) { return {{"Sequence", {{"id", name}, {"type_id", type}}}}; }

}  // namespace enxerto
