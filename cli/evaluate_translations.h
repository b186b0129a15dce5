#pragma once
#include <filesystem>

#include "enxerto/data/text_pairs.h"
#include "predict_translations.h"
#include "session.h"

namespace enxerto::cli {

/// Translates the sources, and prints how good that is.
int evaluate_translation_network(const Session& session, const TranslationOptions& options, const TextPairFiles& files);

}  // namespace enxerto::cli
