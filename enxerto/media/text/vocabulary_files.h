#pragma once
#include <string>

#include "enxerto/media/text/folder_config.h"

namespace enxerto {

/// The tokenizer.json that transformers makes of a folder with vocab.txt (BertTokenizerFast: `convert_slow_tokenizer`,
/// BertConverter). Throws Error{weights} naming the file and the piece that is missing.
std::string wordpiece_tokenizer(const FolderConfig& config);

/// The same of vocab.json and merges.txt, as the tokenizer_class says: GPT2Tokenizer, RobertaTokenizer (also where it
/// says nothing and there is a token <s>), Qwen2Tokenizer (or config.json is of qwen2, whatever the class). Throws for
/// other classes.
std::string byte_level_tokenizer(const FolderConfig& config);

}  // namespace enxerto
