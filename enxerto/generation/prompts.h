#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/generation/language_model.h"

namespace enxerto {

/// A text to be continued.
struct Prompt {
  std::string name;  ///< "prompt 3"
  std::string text;
  std::vector<std::int64_t> tokens;
};

struct PromptOptions {
  std::optional<std::string> text = {};  ///< the one prompt
  std::filesystem::path file = {};       ///< or a file of prompts: a line each, or an object of JSON with "prompt" (or
                                         ///< "text"), with `chat` also "messages"; "-": standard input
  bool chat = false;                     ///< texts are messages to be answered
  std::string system = {};               ///< what is said before them
  std::string template_file = {};        ///< Jinja; "": the model's own
};

/// Says how many tokens are unknown to the model. Throws Error{data} for what is no UTF-8, blank files and lines that
/// cannot be read, Error{usage} where there is no template, Error{weights} for one that fails.
std::vector<Prompt> read_prompts(const LanguageModel& model, const PromptOptions& options, Progress& progress);

}  // namespace enxerto
