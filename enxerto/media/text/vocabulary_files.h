#pragma once
#include <string>

#include "enxerto/media/text/folder_config.h"

namespace enxerto {

/// The tokenizer.json that transformers makes of a folder with vocab.txt (BertTokenizerFast: `convert_slow_tokenizer`,
/// BertConverter). Throws Error{weights} naming the file and the piece that is missing.
std::string wordpiece_tokenizer(const FolderConfig& config);

/// The same of vocab.json and merges.txt: GPT2Converter, and RobertaConverter where there is a cls_token, or the
/// tokenizer_class says so.
std::string byte_level_tokenizer(const FolderConfig& config);

}  // namespace enxerto
