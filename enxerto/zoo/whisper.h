#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/log_mel.h"
#include "enxerto/zoo/transformer_layers.h"

namespace enxerto {

/// The first stage behind the front end, which takes log-mel frames.
inline constexpr std::string_view kEncoderStage = "conv";

/// Whisper (Radford et al. 2022, arXiv:2212.04356): a Transformer that reads half a minute of sound and writes what is
/// said.
struct WhisperConfig {
  std::string name = "whisper";
  std::int64_t samples = 480'000;  ///< that are heard, a multiple of two hops
  LogMel mel = {.rate = 16'000, .fft = 400, .window = 400, .hop = 160, .mels = 80};
  TransformerSizes sizes = {  ///< of the encoder; `positions` are of states, half of the frames
      .vocabulary = 51'864, .positions = 1'500, .width = 384, .depth = 4, .heads = 6, .hidden = 1'536};
  std::int64_t decoder_positions = 448, decoder_depth = 4, decoder_heads = 6, decoder_hidden = 1'536;
};

/// Inputs "samples" (batch, samples), full scale 1, silence behind what is shorter, and "decoder_input_ids" (batch,
/// words) int64; output `kNextWords` (batch, words, vocabulary): scores of the token behind each. The front end is that
/// of transformers' WhisperFeatureExtractor: log10 of the power in Slaney's mel bands of centred windows, 8 below the
/// largest at least, brought to about -1 to 1. Stages: log_mel, conv, encoder0 .., decoder0 .., head. Throws
/// Error{usage} for sizes that are not possible.
Blueprint whisper(const WhisperConfig& config);

/// The values of the front end's parameters "log_mel.cosine", "log_mel.sine" and "log_mel.bands".
StateDict whisper_front_end(const WhisperConfig& config);

}  // namespace enxerto
