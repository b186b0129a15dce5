#include "enxerto/pretrained/translation/hub_weights.h"

#include "enxerto/pretrained/hub/config.h"
#include "enxerto/pretrained/hub_folder.h"

namespace enxerto {

bool is_hub_folder_of(const std::filesystem::path& folder, std::string_view model_type) {
  return is_hub_folder(folder) && HubConfig(folder / "config.json").text("model_type", "") == model_type;
}

WeightFile read_hub_weights(const std::filesystem::path& folder, TranslationNetwork& network) {
  network.name = std::filesystem::weakly_canonical(folder).filename().string();
  const std::filesystem::path file = weights_in_folder(folder);
  WeightFile weights = read_weights(file);
  network.weights_file = file.string();
  network.notes = weights.notes;
  return weights;
}

}  // namespace enxerto
