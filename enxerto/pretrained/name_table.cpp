#include "enxerto/pretrained/name_table.h"

#include "enxerto/pretrained/names_efficientnet_pytorch.h"
#include "enxerto/pretrained/names_torchvision.h"

namespace enxerto {
namespace {

StateDict as_they_are(const StateDict& weights, const Blueprint& /*blueprint*/) { return weights; }

bool recognises_timm(const StateDict& weights) { return weights.contains("conv_stem.weight"); }

constexpr NameTable kTables[] = {
    {"efficientnet_pytorch", recognises_efficientnet_pytorch, translate_efficientnet_pytorch},
    {"timm", recognises_timm, as_they_are},
    {"torchvision", recognises_torchvision, translate_torchvision},
};

}  // namespace

std::span<const NameTable> name_tables() { return kTables; }

const NameTable* name_table_for(const StateDict& weights) {
  for (const NameTable& table : kTables)
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
