#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/download/http.h"
#include "enxerto/download/retries.h"
#include "enxerto/pretrained/spec.h"

namespace enxerto {

struct PullOptions {
  std::string source = {};  ///< whose weights, as `pretrained_models` names them; "": the first that can be fetched
  std::string revision = "main";  ///< of a model on Hugging Face's hub
  RetryOptions retries = {};
  HttpTimes times = {};
};

struct PulledWeights {
  std::string name;            ///< as it was asked for
  std::string source;          ///< "torchvision"; "huggingface" for a model of the hub
  std::filesystem::path path;  ///< the file, or the folder of a model of the hub
  std::string sha256;          ///< of the file, 64 digits; "" for a folder
  bool fetched = false;        ///< false where it was here already
};

/// Brings published weights onto this machine, so that `load_backbone` finds them: those of a name that
/// `pretrained_models` knows, or of "org/name" on Hugging Face's hub. Nothing is fetched where they are here already,
/// where `weight_candidates` or `cached_hub_snapshot` look. $ENXERTO_MIRROR replaces scheme
/// and host of published addresses, $HF_ENDPOINT the hub's. Throws Error{usage} for an unknown name or source,
/// Error{weights} where nothing can be fetched for it, and as `download` does.
PulledWeights pull_weights(std::string_view name, const PullOptions& options = {}, Progress& progress = no_progress());

/// The same for the first of `specs` that is here or that can be fetched; at least one.
PulledWeights pull_published(const std::vector<PretrainedSpec>& specs, const PullOptions& options = {},
                             Progress& progress = no_progress());

}  // namespace enxerto
