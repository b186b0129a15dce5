#include "enxerto/media/text/tokenizer_folder.h"

#include <algorithm>
#include <array>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/files/read.h"
#include "enxerto/media/text/folder_config.h"
#include "enxerto/media/text/sentencepiece_file.h"
#include "enxerto/media/text/text_record.h"
#include "enxerto/media/text/vocabulary_files.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestTokenizer = std::size_t{64} << 20;

std::string whole_file(const FolderConfig& config) {
  return read_text(config.folder() / "tokenizer.json", kLargestTokenizer, ErrorKind::weights);
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
  preprocess.inputs = {"input_ids"};
  if (inputs.pads) preprocess.inputs.emplace_back("attention_mask");
  if (inputs.token_types) preprocess.inputs.emplace_back("token_type_ids");
  const std::int64_t asked = config.max_length().value_or(inputs.max_length);
  preprocess.max_length = inputs.max_length > 0 ? std::min(asked, inputs.max_length) : asked;
  preprocess.positions = inputs.max_length;
  if (const auto side = config.text("truncation_side"); side == "left") preprocess.truncation_side = *side;
  preprocess.prefix = config.default_prompt();
  return to_json(preprocess);
}

}  // namespace enxerto
