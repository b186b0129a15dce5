#include "enxerto/pretrained/filled_backbone.h"

#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/pretrained/foreign_head.h"
#include "enxerto/pretrained/name_table.h"
#include "enxerto/pretrained/network_in.h"
#include "enxerto/pretrained/sound_parameters.h"
#include "enxerto/zoo/registry.h"

namespace enxerto {

Backbone filled_backbone(PretrainedSpec spec, const WeightFile& weights, const FillOptions& options) {
  if (options.size > 0) spec.preprocessor = patched(*spec.preprocessor, {{"size", options.size}}, spec.name);
  const NetworkTensors network = network_in(weights.tensors);
  FittedWeights fitted =
      fit_weights(find_architecture(spec.architecture), input_size(*spec.preprocessor), network.tensors, options.file);
  if (!options.verified) require_sound(fitted.graph, network.tensors, options.file);
  spec.outputs = fitted.classes;
  if (std::cmp_not_equal(spec.labels.size(), fitted.classes)) spec.labels.clear();
  Backbone backbone;
  backbone.graph = std::move(fitted.graph);
  backbone.spec = std::move(spec);
  backbone.weights_file = options.file;
  backbone.notes = weights.notes;
  backbone.notes.insert(backbone.notes.end(), network.notes.begin(), network.notes.end());
  backbone.notes.insert(backbone.notes.end(), fitted.notes.begin(), fitted.notes.end());
  backbone.left_out = std::move(fitted.left_out);
  // What stands beside a network without a head is one.
  if (fitted.classes == 0 && backbone.left_out.empty()) backbone.left_out = layers_of(network.others);
  return backbone;
}

Backbone filled_backbone(PretrainedSpec spec, const Blueprint& network, const WeightFile& weights,
                         const FillOptions& options) {
  const NetworkTensors inside = network_in(weights.tensors);
  const NameTable* const table = name_table_for(inside.tensors);
  if (table == nullptr || table->name != spec.naming)
    throw weights_error(
        options.file,
        fmt::format("{} tensors that are not named as those of {}", weights.tensors.size(), spec.architecture),
        "the weights that config.json describes", "`enxerto inspect FILE` lists its tensors");
  Backbone backbone;
  StateDict parameters = table->translate(inside.tensors, network);
  parameters.merge(options.constants);
  backbone.graph = network.fill(parameters, options.file);
  if (!options.verified) require_sound(backbone.graph, inside.tensors, options.file);
  backbone.spec = std::move(spec);
  backbone.weights_file = options.file;
  backbone.notes = weights.notes;
  backbone.notes.insert(backbone.notes.end(), inside.notes.begin(), inside.notes.end());
  backbone.left_out = layers_of(inside.others);
  return backbone;
}

}  // namespace enxerto
