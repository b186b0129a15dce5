#include "enxerto/pretrained/name_table.h"

#include <vector>

#include "enxerto/pretrained/names_convolutional.h"
#include "enxerto/pretrained/names_detectors.h"
#include "enxerto/pretrained/names_efficientnet_pytorch.h"
#include "enxerto/pretrained/names_gguf.h"
#include "enxerto/pretrained/names_keras.h"
#include "enxerto/pretrained/names_language_models.h"
#include "enxerto/pretrained/names_segmenters.h"
#include "enxerto/pretrained/names_speech.h"
#include "enxerto/pretrained/names_torchvision.h"
#include "enxerto/pretrained/names_vision_transformer.h"

namespace enxerto {
namespace {

StateDict as_they_are(const StateDict& weights, const Blueprint& /*blueprint*/) { return weights; }

bool recognises_timm(const StateDict& weights) { return weights.contains("conv_stem.weight"); }

constexpr NameTable kTables[] = {
    {"keras", recognises_keras, translate_keras},
    {"efficientnet_pytorch", recognises_efficientnet_pytorch, translate_efficientnet_pytorch},
    {"timm", recognises_timm, as_they_are},
    {"torchvision", recognises_torchvision, translate_torchvision},
};

/// The families of a file each come first: what they ask for is in no other's files.
std::vector<NameTable> all_tables() {
  std::vector<NameTable> all;
  for (const std::span<const NameTable> family :
       {detector_names(), segmenter_names(), vision_transformer_names(), convolutional_names(), language_model_names(),
        gguf_names(), speech_names(), std::span<const NameTable>(kTables)})
    all.insert(all.end(), family.begin(), family.end());
  return all;
}

}  // namespace

std::span<const NameTable> name_tables() {
  static const std::vector<NameTable> tables = all_tables();
  return tables;
}

const NameTable* name_table_for(const StateDict& weights) {
  for (const NameTable& table : name_tables())
    if (table.recognises(weights)) return &table;
  return nullptr;
}

StateDict without_counters(const StateDict& weights) {
  StateDict kept;
  for (const auto& [name, tensor] : weights)
    if (!name.ends_with(".num_batches_tracked")) kept.set(name, tensor);
  return kept;
}

}  // namespace enxerto
