#include "enxerto/pretrained/filled_backbone.h"

#include <utility>

#include "enxerto/media/preprocessor.h"
#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/zoo/registry.h"

namespace enxerto {

Backbone filled_backbone(PretrainedSpec spec, const WeightFile& weights, const FillOptions& options) {
  if (options.size > 0) spec.preprocessor = patched(*spec.preprocessor, {{"size", options.size}}, spec.name);
  FittedWeights fitted =
      fit_weights(find_architecture(spec.architecture), input_size(*spec.preprocessor), weights.tensors, options.file);
  spec.outputs = fitted.classes;
  if (std::cmp_not_equal(spec.labels.size(), fitted.classes)) spec.labels.clear();
  Backbone backbone;
  backbone.graph = std::move(fitted.graph);
  backbone.spec = std::move(spec);
  backbone.weights_file = options.file;
  backbone.notes = weights.notes;
  backbone.notes.insert(backbone.notes.end(), fitted.notes.begin(), fitted.notes.end());
  return backbone;
}

}  // namespace enxerto
