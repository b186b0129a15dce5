#pragma once
#include "enxerto/features/extract.h"
#include "enxerto/media/image/preprocess.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// The backbone's own preprocessing with what the recipe changes of it.
ImagePreprocess resolved_preprocess(const Backbone& backbone, const Recipe::Input& input);

/// The cache that the recipe asks for; null where it is switched off.
std::shared_ptr<FeatureCache> open_cache(const Recipe::Cache& cache);

ExtractOptions extract_options(const Recipe& recipe);

}  // namespace enxerto
