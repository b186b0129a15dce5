#pragma once
#include <cstdint>
#include <string>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/kaldi_fbank.h"
#include "enxerto/zoo/transformer_layers.h"

namespace enxerto {

/// The spectrogram transformer AST (Gong et al. 2021, arXiv:2104.01778) as transformers builds it: a vision
/// transformer of overlapping patches of a spectrogram, with two class tokens.
struct SpectrogramTransformerConfig {
  std::string name = "ast";
  KaldiFbank front = {};
  float mean = -4.2677393F, deviation = 4.5689974F;  ///< of energies: (x - mean) / (2 deviation)
  std::int64_t patch = 16;                           ///< mels and frames
  std::int64_t frequency_stride = 10, time_stride = 10;
  TransformerSizes sizes = {.vocabulary = 1, .positions = 1, .width = 768, .depth = 12, .heads = 12, .hidden = 3'072};
  BlockActivation activation = BlockActivation::gelu;
  float epsilon = 1e-12F;

  std::int64_t patches() const;  ///< 12 times 101
};

/// Inputs "samples" (batch, front.samples()), a clip from its first sample on and silence behind it, and "sample_count"
/// (batch, 1) of int64; output "pooled" (batch, width), the mean of the two class tokens. Stages: fbank, embeddings,
/// block0 .. Throws Error{usage} for sizes that do not go together.
Blueprint spectrogram_transformer(const SpectrogramTransformerConfig& config);

}  // namespace enxerto
