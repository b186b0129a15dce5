#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// What the files of a language model say of the texts that it writes.
struct WritingFacts {
  std::vector<std::int64_t> ends = {};              ///< ids of the tokens that end a text; empty where nothing is said
  std::string chat_template = {};                   ///< Jinja, as transformers fills it in; "": none
  std::map<std::string, std::string> special = {};  ///< "bos_token" .. as the template calls them
};

/// Of a folder of transformers: generation_config.json, config.json and tokenizer_config.json, or chat_template.jinja;
/// of a GGUF file its header; nothing of anything else. `weights_file` is `Backbone::weights_file`. Throws
/// Error{weights} for a file that is malformed.
WritingFacts writing_facts(const std::filesystem::path& weights_file);

/// The matrix (words, width) by which a file scores words, where it has one beside the table of word vectors (untied
/// "lm_head"); nothing where it has none. Throws as `read_weights`, and Error{weights} for one of another shape than
/// `table`'s.
std::optional<Tensor> output_words(const Backbone& backbone, const Shape& table);

}  // namespace enxerto
