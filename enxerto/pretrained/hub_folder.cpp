#include "enxerto/pretrained/hub_folder.h"

#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/files/is_file.h"
#include "enxerto/pretrained/hub/config.h"
#include "enxerto/pretrained/hub/specs.h"

namespace enxerto {
namespace {

constexpr const char *kConfig = "config.json", *kProcessor = "preprocessor_config.json";
constexpr std::array<std::string_view, 4> kWeights{"model.safetensors", "model.safetensors.index.json",
                                                   "pytorch_model.bin", "pytorch_model.bin.index.json"};

std::filesystem::path weights_in(const std::filesystem::path& folder) {
  for (const std::string_view name : kWeights)
    if (is_file(folder / name)) return folder / name;
  throw weights_error(folder.string(), "holds a config.json, but no weights",
                      fmt::format("one of {}", fmt::join(kWeights, ", ")),
                      "download the whole repository; with Git, `git lfs pull`");
}

PretrainedSpec spec_of(const std::filesystem::path& folder) {
  const HubConfig config(folder / kConfig);
  // timm's own files, and those in which transformers wraps timm, name timm's architecture.
  if (config.find("architecture") != nullptr) return timm_spec(config);
  const std::filesystem::path processor = folder / kProcessor;
  return transformers_spec(config,
                           is_file(processor) ? HubConfig(processor) : HubConfig(Json::object(), processor.string()));
}

}  // namespace

bool is_hub_folder(const std::filesystem::path& folder) { return is_file(folder / kConfig); }

HubFolder read_hub_folder(const std::filesystem::path& folder) {
  HubFolder found{.spec = spec_of(folder), .weights = weights_in(folder)};
  found.spec.file = found.weights.filename().string();
  return found;
}

}  // namespace enxerto
