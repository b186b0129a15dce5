#pragma once
#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// A network, and what turns the examples at hand into its inputs.
struct OpenedBackbone {
  Backbone backbone;
  PreprocessorPtr preprocessor;
};

/// The backbone of `recipe` for the examples of `dataset`, with what [input] changes; where it was made for another
/// medium, behind a front end (`front_end`), whose settings are those of [input], else found from the examples, and are
/// written into `recipe`. A network of texts that begins without weights has its words from `vocabulary`. Says what the
/// reader assumed. Throws what `load_backbone` throws, Error{usage} for a member of [input] that does not fit,
/// Error{data} where the network reads other examples.
OpenedBackbone open_backbone(Recipe& recipe, const Dataset& dataset, const VocabularySource& vocabulary,
                             Progress& progress);

/// What a network can be trained for alone becomes the task. Throws Error{usage} where another one is asked for.
void settle_task(Recipe& recipe);

}  // namespace enxerto
