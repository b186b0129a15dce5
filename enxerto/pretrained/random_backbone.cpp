#include "enxerto/pretrained/random_backbone.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/media/audio/utterance_preprocessor.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/media/text/translation_text.h"
#include "enxerto/media/text/vocabulary_fit.h"
#include "enxerto/pretrained/classifier.h"
#include "enxerto/pretrained/translation/translation_backbone.h"
#include "enxerto/zoo/registry.h"
#include "enxerto/zoo/speech_lstm.h"
#include "enxerto/zoo/text_architectures.h"

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

/// One that writes a text for another.
Backbone random_writer(const TextArchitecture& row, const RandomOptions& options, Backbone backbone) {
  Json record = backbone.spec.preprocessor->record();
  record.erase("kind");
  const TranslationText text = translation_text_from_json(record, row.name).text;
  const std::size_t source = text.source->limit(), target = text.target->limit();
  const Blueprint blueprint = row.make_writer(static_cast<std::int64_t>(source), static_cast<std::int64_t>(target));
  backbone.graph = with_labels(blueprint.fill(initial_parameters(blueprint, {.seed = options.seed})));
  backbone.notes.push_back(
      fmt::format("vocabularies of {} and {} pieces were learned for it", format_count(source), format_count(target)));
  return backbone;
}

/// One that takes no pictures, without a network.
Backbone begun(std::string_view name, const RandomOptions& options) {
  if (options.size != 0)
    throw usage_error("input.size", fmt::format("{} px for {}", options.size, name), "a network that takes pictures");
  Backbone backbone;
  backbone.spec.name = backbone.spec.architecture = name;
  backbone.spec.source = kRandomWeights;
  return backbone;
}

Backbone random_text_backbone(const TextArchitecture& row, const RandomOptions& options) {
  Backbone backbone = begun(row.name, options);
  const bool writes = row.make_writer != nullptr;
  if (writes != (options.vocabulary.kind == kLearnedPieces))
    throw usage_error("backbone.vocabulary", fmt::format("'{}' for {}", options.vocabulary.kind, row.name),
                      writes ? std::string(kLearnedPieces) : "words, characters or bytes");
  backbone.spec.preprocessor = learned_preprocessor(options.vocabulary, row.name, row.positions);
  if (writes) return random_writer(row, options, std::move(backbone));
  const std::int64_t words = word_count(*backbone.spec.preprocessor, row.name);
  const Blueprint blueprint = row.make(words);
  backbone.graph = blueprint.fill(initial_parameters(blueprint, {.seed = options.seed}));
  backbone.pool = row.pool;
  backbone.notes.push_back(
      fmt::format("a vocabulary of {} ({}) was made for it", format_count(to_size(words)), options.vocabulary.kind));
  return backbone;
}

Backbone random_sound_backbone(const SoundArchitecture& row, const RandomOptions& options) {
  Backbone backbone = begun(row.name, options);
  backbone.spec.preprocessor = utterance_preprocessor({.rate = row.rate, .step = row.step}, row.name);
  const Blueprint blueprint = row.make();
  const StateDict constants = row.constants();
  Blueprint learned = blueprint;
  std::erase_if(learned.parameters, [&](const ParameterSpec& spec) { return constants.contains(spec.name); });
  StateDict parameters = initial_parameters(learned, {.seed = options.seed});
  parameters.merge(constants);
  backbone.graph = blueprint.fill(parameters);
  return backbone;
}

}  // namespace

Backbone random_backbone(std::string_view name, const RandomOptions& options) {
  if (const TextArchitecture* const row = find_text_architecture(name)) return random_text_backbone(*row, options);
  if (const SoundArchitecture* const row = find_sound_architecture(name)) return random_sound_backbone(*row, options);
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
