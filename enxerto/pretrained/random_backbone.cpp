#include "enxerto/pretrained/random_backbone.h"

#include "enxerto/graph/initial_parameters.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/pretrained/classifier.h"
#include "enxerto/zoo/registry.h"

namespace enxerto {
namespace {

PretrainedSpec random_spec(std::string_view name) {
  PretrainedSpec spec = pretrained_named(name).front();
  spec.source = kRandomWeights;
  spec.naming = spec.licence = spec.sha256 = spec.md5 = spec.file = spec.folder = spec.address = "";
  spec.labels.clear();
  spec.outputs = 0;
  spec.figure.clear();
  return spec;
}

}  // namespace

Backbone random_backbone(std::string_view name, const RandomOptions& options) {
  Backbone backbone;
  backbone.spec = random_spec(name);
  if (options.size != 0)
    backbone.spec.preprocessor = patched(*backbone.spec.preprocessor, {{"size", options.size}}, backbone.spec.name);
  const Architecture& architecture = find_architecture(backbone.spec.architecture);
  // VGG's dense layers would be 411 MB that no one wants.
  const Blueprint blueprint =
      without_missing_head(architecture.build({.size = input_size(*backbone.spec.preprocessor)}), StateDict{});
  backbone.graph = blueprint.fill(initial_parameters(blueprint, {.seed = options.seed}));
  return backbone;
}

}  // namespace enxerto
