#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/transformer_layers.h"

namespace enxerto {

/// A convolution over time, without padding.
struct TimeConvolution {
  std::int64_t channels = 512, kernel = 3, stride = 2;  ///< the kernel is at least as long as the stride
};

/// wav2vec 2.0 (Baevski et al. 2020, arXiv:2006.11477) and HuBERT (Hsu et al. 2021, arXiv:2106.07447), as transformers
/// builds them: convolutions over the samples, then a transformer over their frames.
struct Wav2Vec2Config {
  /// What of the convolutions' answers is normalised.
  enum class Norm : std::uint8_t {
    group,  ///< of the first one each channel over the whole recording
    layer,  ///< of all of them the channels of each frame
  };
  std::string name = "wav2vec2";
  std::vector<TimeConvolution> convolutions = {{512, 10, 5}, {512, 3, 2}, {512, 3, 2}, {512, 3, 2},
                                               {512, 3, 2},  {512, 2, 2}, {512, 2, 2}};
  Norm norm = Norm::group;
  bool convolution_bias = false;
  BlockActivation convolution_activation = BlockActivation::gelu, activation = BlockActivation::gelu;
  bool normed_frames = true;  ///< the convolutions' frames are normalised before they are projected
  TransformerSizes sizes = {.vocabulary = 1, .positions = 1, .width = 768, .depth = 12, .heads = 12, .hidden = 3'072};
  std::int64_t position_kernel = 128, position_groups = 16;  ///< of the convolution that tells places
  bool norm_first = false;  ///< blocks normalise what enters their branches ("stable"), not what leaves them
  float epsilon = 1e-5F;

  std::int64_t step() const;   ///< samples from frame to frame: 320
  std::int64_t reach() const;  ///< samples that a frame hears: 400
};

/// Inputs "samples" (batch, frames, step), "attention_mask" (batch, frames) of int64, 1 for each row whose frame hears
/// nothing from behind the recording, and, for Norm::group, "sample_count" (batch, 1) of int64: how long recordings
/// are. Output "states" (batch, frames, width). What is padding changes nothing: states are those of each recording
/// alone. Stages: features (the convolutions), projection, block0 .. Throws Error{usage} for sizes that do not go
/// together.
Blueprint wav2vec2(const Wav2Vec2Config& config);

}  // namespace enxerto
