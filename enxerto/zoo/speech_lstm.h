#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/log_mel_rows.h"

namespace enxerto {

/// A small network that follows speech: log-mel frames, convolutions over time, bidirectional LSTMs (the form of Deep
/// Speech 2, Amodei et al. 2016, arXiv:1512.02595).
struct SpeechLstm {
  std::string name = "speech_lstm";
  LogMelRows front = {};
  std::vector<std::int64_t> convolutions = {128, 128};  ///< channels of each
  std::int64_t kernel = 5;                              ///< rows that a convolution sees, odd
  std::vector<std::int64_t> lstms = {128, 128};         ///< units of one direction
};

/// Inputs "samples" (batch, frames, step) and "attention_mask" (batch, frames) of int64; output "states" (batch,
/// frames, twice the last LSTM's units). What is padding changes nothing. Stages: log_mel, conv0 .., lstm0 ..
Blueprint speech_lstm(const SpeechLstm& config);

/// A network of recordings that is begun from random weights.
struct SoundArchitecture {
  std::string_view name;         ///< "speech_lstm"
  std::string_view description;  ///< one line
  std::int64_t rate, step;       ///< of its samples, Hz; samples of a row
  Blueprint (*make)();
  StateDict (*constants)();  ///< those of its parameters that are not learned
};

/// All of them, in the order in which they are listed to people.
std::span<const SoundArchitecture> sound_architectures();

/// nullptr for an unknown name.
const SoundArchitecture* find_sound_architecture(std::string_view name);

}  // namespace enxerto
