#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/pretrained/hub/config.h"

namespace enxerto {

/// A network of sounds of the zoo, of the sizes that a config.json states.
struct SoundNetwork {
  Blueprint blueprint;      ///< as `wav2vec2` or `spectrogram_transformer` of the zoo says
  std::string_view naming;  ///< a row of `name_tables()`
  PreprocessorPtr preprocessor = {};
  StateDict constants = {};             ///< parameters that are in no file
  std::string_view trained_from = {};   ///< the stage from which it is usual to train it; "": the first
  std::vector<std::string> notes = {};  ///< what was assumed
};

/// What the config.json of transformers says of wav2vec 2.0, HuBERT or the audio spectrogram transformer; `processor`
/// is the preprocessor_config.json next to it, without a member where there is none. nullopt for a `model_type` that is
/// not one of `sound_model_types`. Throws Error{weights} naming the file for operations and sizes that the zoo does not
/// have.
std::optional<SoundNetwork> sound_network(const HubConfig& config, const HubConfig& processor);

/// "wav2vec2", "hubert", "audio-spectrogram-transformer".
std::vector<std::string> sound_model_types();

}  // namespace enxerto
