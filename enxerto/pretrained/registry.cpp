#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/files/nearest_path.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/pretrained/published.h"
#include "enxerto/pretrained/spec.h"
#include "enxerto/zoo/registry.h"

namespace enxerto {
namespace {

/// The first source that has a network is the default of its name.
constexpr std::vector<PretrainedSpec> (*kPublished[])() = {
    published_tensorflow,          published_timm,       published_torchvision,
    published_vision_transformers, published_segmenters, published_keras,
};

std::vector<PretrainedSpec> all_specs() {
  std::vector<PretrainedSpec> specs;
  for (const auto& published : kPublished)
    for (PretrainedSpec& spec : published()) specs.push_back(std::move(spec));
  return specs;
}

}  // namespace

const std::vector<PretrainedSpec>& pretrained_models() {
  static const std::vector<PretrainedSpec> specs = all_specs();
  return specs;
}

namespace {

constexpr int kSmallPicture = 64;  // px

/// What is known of a network whose weights nobody publishes: that they will be used as torchvision's are.
PretrainedSpec unpublished(const Architecture& architecture) {
  PretrainedSpec spec = published_torchvision().front();
  Json patch{{"size", architecture.default_size}};
  // A small picture has no border to spare.
  if (architecture.default_size <= kSmallPicture) patch["crop_fraction"] = 1;
  spec.preprocessor = patched(*spec.preprocessor, patch, architecture.name);
  spec.name = spec.architecture = architecture.name;
  spec.source = "own";
  spec.licence = spec.address = spec.file = spec.sha256 = "";
  spec.figure.clear();
  return spec;
}

/// A name of which `name` is the beginning, or one that is a slip away.
std::string likely_name(std::string_view name, std::span<const std::string> names) {
  const auto longer = std::ranges::find_if(names, [&](const std::string& known) { return known.starts_with(name); });
  return longer != names.end() ? fmt::format("; did you mean '{}'?", *longer) : did_you_mean(name, names);
}

}  // namespace

std::vector<PretrainedSpec> pretrained_named(std::string_view name) {
  std::vector<PretrainedSpec> found;
  std::vector<std::string> names;
  for (const PretrainedSpec& spec : pretrained_models()) {
    if (spec.name == name) found.push_back(spec);
    if (std::find(names.begin(), names.end(), spec.name) == names.end()) names.push_back(spec.name);
  }
  const bool is_architecture_of_others = found.empty();
  for (const PretrainedSpec& spec : pretrained_models())
    if (is_architecture_of_others && spec.architecture == name) found.push_back(spec);
  for (const Architecture& architecture : architectures())
    if (architecture.name == name &&
        std::ranges::none_of(found, [&](const PretrainedSpec& spec) { return spec.architecture == name; }))
      found.push_back(unpublished(architecture));
  if (!found.empty()) return found;
  for (const Architecture& architecture : architectures()) names.emplace_back(architecture.name);
  std::error_code ignored;
  if (std::filesystem::exists(name, ignored))
    throw weights_error("backbone " + std::string(name), "it contains no known network",
                        "a weight file, a saved model, an ONNX or GGUF file, or a folder with a config.json",
                        "name the file or the folder of the network");
  std::string meant = likely_name(name, names);
  if (meant.empty()) meant = did_you_mean_path(name);
  throw usage_error("backbone", "'" + std::string(name) + "' is not known" + meant,
                    "a name that `enxerto models` lists, or the path of a file or folder",
                    meant.empty()
                        ? "a recipe that came with a model has the last name of a path alone: write it in full "
                          "(--backbone PATH)"
                        : "");
}

}  // namespace enxerto
