#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/graph.h"
#include "enxerto/pretrained/spec.h"
#include "enxerto/pretrained/vocabulary_source.h"

namespace enxerto {

/// A network with pretrained weights, and what they need to be used well.
struct Backbone {
  Graph graph;  ///< from the inputs that `spec.preprocessor` gives to what its stage "head" answers, (batch, outputs),
                ///< or to its features where the file has no head
  PretrainedSpec spec;  ///< `preprocessor` fits `graph`; source "own" for a file that is not
                        ///< known, "random" for none
  std::map<std::string, Graph, std::less<>> networks;  ///< that its preprocessor looks with
  std::string weights_file;                            ///< where the weights were read from
  std::string sha256;                                  ///< of that file, 64 digits
  std::vector<std::string> notes;     ///< what the reader did and assumed on the way: the wrapper taken, the prefix
                                      ///< stripped, the preprocessing that the file does not state
  std::string pool = "avg";           ///< how one row is made of its states where nothing else is asked for: a row of
                                      ///< the head's poolings
  std::string trained_from;           ///< the first stage that is trained where all of it is; "": the first of all
  std::vector<std::string> units;     ///< what the units of its head write, by number, where a saved model says it
  std::vector<std::string> left_out;  ///< layers of a head of the file's own that `graph` does not have: "fc.0"
};

struct LoadOptions {
  std::string weights = {};  ///< a file, or the name of a source ("timm"); "": the first known weights that are there;
                             ///< "random": none, to train from scratch (random_backbone.h)
  int size = 0;              ///< pixels a side; 0: as published
  std::uint64_t seed = 0;    ///< of random weights
  bool pixels_are_told = false;      ///< the caller says how pixels become numbers: no note on what a file leaves open
  VocabularySource vocabulary = {};  ///< of a network of texts with random weights
  std::string language = {};         ///< that is spoken, for a network of several that writes what is said: "pt"
};

/// Loads a network by the name that `pretrained_models` gives it, or by its path: a weight file whose tensors tell
/// the architecture, a saved model, an ONNX file, a folder as Hugging Face and timm save them, or an "org/name" of the
/// hub that `enxerto models pull` brought. The number of classes is that of the file. A file is known by its SHA-256;
/// another one is loaded with the preprocessing of the source whose names it uses. Throws Error{usage} for a name or
/// size that is not possible, and Error{weights} where the file is not there, is not what its publisher offered (for
/// known weights found by name), or does not fit: missing, unexpected and mismatched tensors are named together, and
/// the architecture that the file looks like.
Backbone load_backbone(std::string_view name, const LoadOptions& options = {});

}  // namespace enxerto
