#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/blueprint.h"
#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// What a row of the networks of sounds has found in a file.
struct SoundParameters {
  Blueprint blueprint;
  StateDict parameters;  ///< under the names of the blueprint, constants among them
  PreprocessorPtr preprocessor;
  std::string_view name, naming;           ///< "yamnet", and how the file names its tensors
  std::vector<std::string> left_out = {};  ///< tensors of the file's own head
  std::vector<std::string> notes = {};
  std::string_view trained_from = {};  ///< behind what is never learned
};

/// The backbone of `found` in `file`; `tensors` are the file's, under its own names. Throws Error{weights} naming the
/// file for what is missing, is too much, does not fit or is not finite.
Backbone filled_sound(const std::filesystem::path& file, SoundParameters found, const StateDict& tensors);

}  // namespace enxerto
