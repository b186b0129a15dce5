#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// A LoRA as the library PEFT keeps it: adapter_model.safetensors and adapter_config.json in a folder.
struct PeftAdapter {
  StateDict adapters;     ///< A and B by the names of `lora_a` and `lora_b`
  double scale = 1;       ///< alpha / rank, or alpha / sqrt(rank) where the config says so
  std::string note = {};  ///< where it says that it was learned on other weights than the network's
};

/// Of `network`, one of the architectures gpt2, gpt_neox, llama and qwen2. Throws Error{weights}: no such files, kinds
/// of adapters and options that are not read (named), tensors of another network, an adapter that `write_peft` wrote
/// and that the network has in its weights already.
PeftAdapter read_peft(const std::filesystem::path& folder, const Graph& network);

struct PeftFacts {
  const Graph& network;  ///< what it was learned on, with the weights that it had
  std::string base;      ///< its name or path
  std::int64_t rank = 0;
  double alpha = 0;
};

/// The folder appears whole or not at all; one that is there is replaced where `replace`. Throws Error{disk}, and
/// Error{usage} for another architecture.
void write_peft(const std::filesystem::path& folder, const StateDict& adapters, const PeftFacts& facts, bool replace);

/// Throws Error{usage} for an architecture whose layers have no names in PEFT's files.
void require_peft_names(const std::string& architecture);

}  // namespace enxerto
