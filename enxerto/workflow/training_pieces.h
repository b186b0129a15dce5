#pragma once
#include "enxerto/base/progress.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/workflow/training_data.h"

namespace enxerto {

/// What a task that foretells wants of a run (`TaskKind::foretells`): that the backbone sees nothing of what comes
/// after (Error{usage}), and the examples cut into what it reads at once, each part of the data into its own pieces.
/// Says how many there are and where their borders lie, and which words of the backbone's file are not used.
void prepare_to_foretell(TrainingData& data, const Backbone& backbone, const Preprocessor& preprocessor,
                         Progress& progress);

}  // namespace enxerto
