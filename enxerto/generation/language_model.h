#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/graph.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/media/text/tokenizer.h"
#include "enxerto/pretrained/recurrent/scored_words.h"

namespace enxerto {

/// A network that says what comes next, and what turns texts into its tokens.
struct LanguageModel {
  std::string name;
  Graph scores;                              ///< as `scoring_network` gives it; empty where `window` is set
  std::optional<WindowNetwork> window = {};  ///< of textgenrnn's networks: what says what comes next
  std::shared_ptr<const Tokenizer> tokenizer;
  std::int64_t context = 0;                         ///< tokens that it has positions for; 0: any number
  std::vector<std::int64_t> ends = {};              ///< tokens that end a text
  std::string chat_template = {};                   ///< Jinja; "": none
  std::map<std::string, std::string> special = {};  ///< what the template calls its special tokens
  std::vector<std::string> notes = {};              ///< what was assumed
};

/// A saved language model, or a published one by its path or name as `load_backbone` takes it: its words are scored by
/// the file's own matrix, or by the table of word vectors where it has none. A text ends with the tokens that its files
/// name; where they name none, with those that are usual. Throws as `read_bundle` and `load_backbone`, and
/// Error{weights} or Error{usage} for a network that is no language model.
LanguageModel open_language_model(const std::string& name);

/// Of a network with a head of `language_model_head`, and what makes tokens of its texts. Throws Error{usage} and
/// Error{weights} for others.
LanguageModel language_model(const std::string& name, const Graph& network, const Preprocessor& preprocessor);

/// Adds what a LoRA in PEFT's form has learned to the weights. Throws as `read_peft`.
void merge_adapter(LanguageModel& model, const std::filesystem::path& folder);

/// The tokens of a prompt, begun as the tokenizer begins texts, without what it puts behind them. Of an empty one the
/// token that ends texts, as GPT-2 begins them. Throws Error{data} naming `where`: no UTF-8, nothing to begin with.
std::vector<std::int64_t> prompt_tokens(const LanguageModel& model, std::string_view text, std::string_view where,
                                        bool begun = true);

}  // namespace enxerto
