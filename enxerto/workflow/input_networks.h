#pragma once
#include "enxerto/media/preprocessor.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// `preprocessor` with the networks that it looks with: those of `recipe.input.finder`, which become the backbone's, or
/// those that the backbone has. Throws Error{usage} where it would look with none, and as `load_face_networks`.
PreprocessorPtr with_input_networks(PreprocessorPtr preprocessor, const Recipe& recipe, Backbone& backbone);

}  // namespace enxerto
