#include "enxerto/media/text/tokenizer_folder.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/files/read.h"
#include "enxerto/media/text/added_tokens.h"
#include "enxerto/media/text/folder_config.h"
#include "enxerto/media/text/sentencepiece_file.h"
#include "enxerto/media/text/text_record.h"
#include "enxerto/media/text/tokenizer.h"
#include "enxerto/media/text/usual_length.h"
#include "enxerto/media/text/vocabulary_files.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestTokenizer = std::size_t{64} << 20;

/// The member's value is null, or it is none of the file's first, where the library writes it.
bool is_null(std::string_view json, std::string_view member) {
  constexpr std::size_t kFirst = 4096;
  const std::size_t at = json.substr(0, kFirst).find(member);
  if (at == std::string_view::npos) return true;
  const std::size_t value = json.find_first_not_of(" \t\r\n:", at + member.size());
  return value == std::string_view::npos || json.substr(value).starts_with("null");
}

/// How the file's own program cut and filled up is not how texts are cut here, and must not leave with a saved model
/// beside its max_length.
std::string without_own_length(std::string json) {
  if (is_null(json, "\"truncation\"") && is_null(json, "\"padding\"")) return json;
  Json members = Json::parse(json, nullptr, false);
  if (!members.is_object()) return json;  // refused where it is opened
  members["truncation"] = members["padding"] = nullptr;
  return members.dump();
}

std::string whole_file(const FolderConfig& config) {
  std::string json = read_text(config.folder() / "tokenizer.json", kLargestTokenizer, ErrorKind::weights);
  return with_added_tokens(with_stated_case(without_own_length(std::move(json)), config), config);
}

/// The files that a tokenizer is made of, the best first.
struct TokenizerFiles {
  bool (*are_in)(const FolderConfig& config);
  std::string (*read)(const FolderConfig& config);
};
constexpr std::array<TokenizerFiles, 4> kFiles{{
    {[](const FolderConfig& config) { return config.has("tokenizer.json"); }, whole_file},
    {[](const FolderConfig& config) { return config.has("vocab.txt"); }, wordpiece_tokenizer},
    {[](const FolderConfig& config) { return config.has("vocab.json") && config.has("merges.txt"); },
     byte_level_tokenizer},
    {[](const FolderConfig& config) { return !sentencepiece_name(config.folder()).empty(); }, sentencepiece_tokenizer},
}};

const TokenizerFiles* files_of(const FolderConfig& config) {
  const auto* const row =
      std::ranges::find_if(kFiles, [&](const TokenizerFiles& files) { return files.are_in(config); });
  return row == kFiles.end() ? nullptr : row;
}

/// sentence-transformers lower-cases texts before such a tokenizer where sentence_bert_config.json says so.
void require_stated_case(const FolderConfig& config, const std::string& json) {
  if (!config.sentence_flag("do_lower_case").value_or(false)) return;
  const std::string where = (config.folder() / "sentence_bert_config.json").string();
  const auto tokenizer = shared_tokenizer(json, where);
  const auto ids_of = [&](std::string_view text) {
    const EncodedText encoded = tokenizer->encode({&text, 1}, {}, where);
    const TokenWindow window = encoded.window(0);
    return std::vector(window.ids.begin(), window.ids.end());
  };
  if (ids_of("ABC XYZ") != ids_of("abc xyz"))
    throw weights_error(where, "'do_lower_case' is true, and the tokenizer tells A from a",
                        "a tokenizer that lower-cases texts itself", "lower-case the texts, and set it to false");
}

}  // namespace

bool has_tokenizer(const std::filesystem::path& folder) { return files_of(FolderConfig(folder)) != nullptr; }

Json text_record(const std::filesystem::path& folder, const TextInputs& inputs) {
  const FolderConfig config(folder);
  const TokenizerFiles* const files = files_of(config);
  if (files == nullptr)
    throw weights_error(folder.string(), "no tokenizer",
                        "tokenizer.json, vocab.txt, vocab.json and merges.txt, or a SentencePiece model",
                        "copy the tokenizer's files next to the weights");
  TextPreprocess preprocess{.tokenizer = files->read(config)};
  require_stated_case(config, preprocess.tokenizer);
  preprocess.inputs = {"input_ids"};
  if (inputs.pads) preprocess.inputs.emplace_back("attention_mask");
  if (inputs.token_types) preprocess.inputs.emplace_back("token_type_ids");
  const std::int64_t asked = config.max_length().value_or(inputs.max_length);
  preprocess.max_length = usual_max_length(inputs.max_length > 0 ? std::min(asked, inputs.max_length) : asked);
  preprocess.positions = inputs.max_length;
  if (const auto side = config.text("truncation_side"); side == "left") preprocess.truncation_side = *side;
  preprocess.prefix = config.default_prompt();
  return to_json(preprocess);
}

}  // namespace enxerto
