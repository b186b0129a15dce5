#pragma once
#include "enxerto/features/extract.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// The backbone's own preprocessing with what the recipe changes of it: its [input] is a patch on the record, behind
/// that of the task (`TaskKind::input`). Throws Error{usage} for what the preprocessing does not have.
PreprocessorPtr resolved_preprocessor(const Preprocessor& own, const Recipe::Input& input,
                                      Json (*of_task)(const Json& record) = nullptr);

/// The cache that the recipe asks for; null where it is switched off.
std::shared_ptr<FeatureCache> open_cache(const CacheSettings& cache);

ExtractOptions extract_options(const Recipe& recipe);

}  // namespace enxerto
