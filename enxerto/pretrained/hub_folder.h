#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/graph/blueprint.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/pretrained/spec.h"
#include "enxerto/pretrained/speech/ctc_vocabulary.h"

namespace enxerto {

/// A folder as transformers' `save_pretrained`, timm's `save_for_hf` or a download of a Hugging Face repository leaves
/// it: config.json with weights next to it; sentence-transformers adds modules.json.
struct HubFolder {
  PretrainedSpec spec;  ///< what config.json and preprocessor_config.json say; source "transformers" or "timm"
  std::filesystem::path weights;          ///< for `read_weights`: a file, or the index of shards
  std::vector<std::string> notes = {};    ///< what it does not say and was assumed
  std::optional<Blueprint> network = {};  ///< of the sizes that config.json states; none: the zoo's row `spec` names
  StateDict constants = {};               ///< parameters of `network` that are in no file
  std::string pool = "avg";               ///< `Backbone::pool`
  std::string trained_from = {};          ///< `Backbone::trained_from`
  std::optional<CtcVocabulary> written = {};  ///< of a network of recordings with a head that writes
};

/// Whether there is a config.json in it.
bool is_hub_folder(const std::filesystem::path& folder);

/// Throws Error{weights} where the preprocessor gives ids or types that the network of tokens which config.json
/// describes does not have (`check_vocabulary`). Nothing where it describes none.
void check_tokenizer(const std::filesystem::path& folder, const Preprocessor& preprocessor);

/// The first that exists of model.safetensors, model.safetensors.index.json, pytorch_model.bin and
/// pytorch_model.bin.index.json. Throws Error{weights} where there is none.
std::filesystem::path weights_in_folder(const std::filesystem::path& folder);

/// Weights are those of `weights_in_folder`. Throws Error{weights} where there are none, and for a config that is
/// malformed, of an architecture that the zoo has not, or of one whose numbers or operations are others.
HubFolder read_hub_folder(const std::filesystem::path& folder);

}  // namespace enxerto
