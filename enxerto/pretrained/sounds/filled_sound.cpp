#include "enxerto/pretrained/sounds/filled_sound.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/pretrained/file_digests.h"
#include "enxerto/pretrained/foreign_head.h"
#include "enxerto/pretrained/sound_parameters.h"

namespace enxerto {

Backbone filled_sound(const std::filesystem::path& file, SoundParameters found, const StateDict& tensors) {
  const std::string where = file.string();
  Backbone backbone;
  backbone.graph = found.blueprint.fill(found.parameters, where);
  require_sound(backbone.graph, tensors, where);
  backbone.spec.preprocessor = std::move(found.preprocessor);
  backbone.spec.name = backbone.spec.architecture = found.name;
  backbone.spec.source = "own";
  backbone.spec.naming = found.naming;
  backbone.spec.file = file.filename().string();
  backbone.weights_file = where;
  backbone.sha256 = file_digests(file, false).sha256;
  backbone.trained_from = found.trained_from;
  backbone.notes = std::move(found.notes);
  backbone.left_out = layers_of(found.left_out);
  if (!found.left_out.empty())
    backbone.notes.push_back(fmt::format("left out the file's own head: {}", fmt::join(found.left_out, ", ")));
  return backbone;
}

}  // namespace enxerto
