#pragma once
#include <string>

namespace enxerto {

/// "encoder.0.attn.q.weight" of "encoder.layers.0.self_attn.q_proj.weight": parts of the layers of encoders with
/// decoders as transformers names them since BART (MarianMT, Whisper). All else stays as it is.
std::string encoder_decoder_name(std::string name);

}  // namespace enxerto
