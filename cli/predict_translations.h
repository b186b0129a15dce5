#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/generation/options.h"
#include "enxerto/pretrained/translation/translation_network.h"
#include "session.h"

namespace enxerto::cli {

/// What is asked of a network that translates.
struct TranslationOptions {
  std::string model = {}, format = "text";
  std::vector<std::string> files = {};
  std::optional<std::size_t> beams = {}, max_new_tokens = {};
  std::optional<double> length_penalty = {};
  int threads = 0;
};

/// Whether the model is one that translates, not a saved one of another task.
bool translates(const std::string& model);

/// How its translations are searched for. Throws Error{usage} for what has no effect.
GenerationOptions generation_of(const TranslationOptions& options, const TranslationNetwork& network);

/// Writes a translation of each line of the files, "-" being standard input, and an empty line for an empty one.
int predict_translations(const Session& session, const TranslationOptions& options);

}  // namespace enxerto::cli
