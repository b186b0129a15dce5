#pragma once
#include "enxerto/bundle/bundle.h"
#include "enxerto/features/extract.h"
#include "enxerto/heads/softmax_regression.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/workflow/train.h"

namespace enxerto {

/// Throws Error{usage} where something is at `output.path` that the run must not or may not replace, or where it is
/// empty: said before the work begins, not after.
void require_free_output(const Recipe::Output& output);

/// The finished model as a value: whole graph, preprocessing, labels, history, report, model card and goldens.
Bundle make_bundle(const Backbone& backbone, const ImagePreprocess& preprocess, const LinearClassifier& classifier,
                   StateDict golden, const TrainReport& report);

}  // namespace enxerto
