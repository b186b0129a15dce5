#include "enxerto/workflow/open_backbone.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/media/field_facts.h"
#include "enxerto/media/text/usual_length.h"
#include "enxerto/pretrained/front_ends.h"
#include "enxerto/pretrained/load_from_path.h"
#include "enxerto/tasks/task.h"
#include "enxerto/workflow/extraction.h"
#include "enxerto/workflow/input_networks.h"
#include "enxerto/workflow/read_as_learned.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostLookedAtForSettings = 500;

/// What examples from all over the data are like, in their first field; those that cannot be read are reported later.
std::vector<FieldFacts> some_facts(const Dataset& dataset, Progress& progress) {
  std::vector<FieldFacts> facts;
  const std::size_t looked_at = std::min(dataset.size(), kMostLookedAtForSettings);
  for (std::size_t i = 0; i < looked_at; ++i) {
    throw_if_cancelled(progress);
    try {
      const std::unique_ptr<Example> example = dataset.get(i * dataset.size() / looked_at);
      facts.push_back(facts_of(fields_of(dataset, *example).front(), example->id()));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data) throw;
    }
  }
  return facts;
}

/// Throws Error{usage} where an input of the network has another size than the preprocessor gives.
void require_fitting_inputs(const Graph& graph, const Preprocessor& preprocessor) {
  for (const InputSpec& spec : preprocessor.inputs()) {
    const auto input = std::ranges::find(graph.inputs, spec.name, &Value::name);
    if (input == graph.inputs.end() || input->shape.size() != spec.shape.size() + 1) continue;
    for (std::size_t i = 0; i < spec.shape.size(); ++i) {
      const Dim& dim = input->shape[i + 1];
      if (dim.is_symbolic() || spec.shape[i] < 0 || dim.size == spec.shape[i]) continue;
      throw usage_error("input", fmt::format("{} of {}", spec.name, to_string(spec.shape)),
                        fmt::format("{}, which this network was saved for", to_string(input->shape)),
                        "leave [input] as the network has it, or start from the network that it was made from");
    }
  }
}

/// The filters of a network of sounds stand for pitches at its own rate.
void refuse_another_rate(const Backbone& backbone, std::int64_t asked) {
  const std::int64_t own = backbone.spec.preprocessor->record().value("rate", std::int64_t{0});
  if (asked > 0 && own > 0 && asked != own)
    throw usage_error("input.rate", fmt::format("{} Hz", asked),
                      fmt::format("{} Hz, at which {} hears", own, backbone.spec.name),
                      "leave it out: recordings of any rate are converted");
}

}  // namespace

void settle_task(Recipe& recipe) {
  const std::string_view only =
      recipe.backbone.weights == "random" ? "" : backbone_writing(recipe.backbone.name).only_task;
  if (only.empty() || recipe.task.kind == only) return;
  if (recipe.task.kind != "auto")
    throw usage_error("task.kind", fmt::format("'{}' for {}", recipe.task.kind, recipe.backbone.name),
                      fmt::format("'{}', all that this network can be trained for", only), "leave it out");
  recipe.task.kind = only;
}

OpenedBackbone open_backbone(Recipe& recipe, const Dataset& dataset, const VocabularySource& vocabulary,
                             Progress& progress) {
  Backbone backbone = load_backbone(recipe.backbone.name, {.weights = recipe.backbone.weights,
                                                           .size = static_cast<int>(recipe.input.size),
                                                           .seed = recipe.run.random_seed(),
                                                           .pixels_are_told = recipe.input.normalise != "auto",
                                                           .vocabulary = vocabulary,
                                                           .language = recipe.backbone.language});
  // Where a length is asked for, or texts are read in blocks, none is cut as the note says.
  const bool told = recipe.input.max_length > 0 || task_kind_for(recipe.task.kind, dataset.info()).foretells;
  const std::string length = told ? note_of_length(*backbone.spec.preprocessor) : "";
  std::erase_if(backbone.notes, [&](const std::string& note) { return !length.empty() && note == length; });
  for (const std::string& note : backbone.notes) progress.notice(note);
  const Medium reads = backbone.spec.preprocessor->sample(0).front().medium;
  const std::vector<Medium>& media = dataset.info().inputs;
  const FrontEnd* const front = media.size() == 1 ? front_end(media[0], reads) : nullptr;
  if (front == nullptr) {
    refuse_another_rate(backbone, recipe.input.rate);
    const TaskKind& kind = task_kind_for(recipe.task.kind, dataset.info());
    PreprocessorPtr preprocessor = resolved_preprocessor(*backbone.spec.preprocessor, recipe.input, kind.input);
    require_readable_kind(*preprocessor, dataset.info(), recipe.data.path);
    require_fitting_inputs(backbone.graph, *preprocessor);
    recipe.input.size = input_size(*preprocessor);
    preprocessor = with_input_networks(std::move(preprocessor), recipe, backbone);
    return {std::move(backbone), std::move(preprocessor)};
  }
  Recipe::Input before = recipe.input, behind = recipe.input;
  before.size = 0, before.fit = before.normalise = "auto", before.scaled_decode = false,
  before.max_length = before.stride = 0;
  behind.rate = 0, behind.seconds = 0;
  backbone.spec.preprocessor = resolved_preprocessor(*backbone.spec.preprocessor, behind);
  recipe.input.size = input_size(*backbone.spec.preprocessor);
  const Json found = front->settings(some_facts(dataset, progress));
  const PreprocessorPtr preprocessor =
      with_input_networks(resolved_preprocessor(*preprocessor_from_record(found, "input"), before), recipe, backbone);
  backbone = front->before(backbone, preprocessor->record(), "input");
  recipe.input.rate = preprocessor->record().value("rate", std::int64_t{0});
  recipe.input.seconds = preprocessor->record().value("seconds", 0.0);
  progress.notice(
      fmt::format("{} are {}: {}, {} px", nouns_of(media), front->how, preprocessor->summary(), recipe.input.size));
  return {std::move(backbone), preprocessor};
}

}  // namespace enxerto
