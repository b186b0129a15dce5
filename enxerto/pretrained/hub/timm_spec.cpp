#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/nearest.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/pretrained/hub/image_processor.h"
#include "enxerto/pretrained/hub/specs.h"
#include "enxerto/pretrained/labels/imagenet.h"

namespace enxerto {
namespace {

/// What timm calls a network, the zoo's row, and the names of its tensors. The DeiT of these sizes are the same
/// networks.
struct Row {
  std::string_view theirs, ours, naming;
};
constexpr std::array kRows{
    Row{"resnet18", "resnet18", "torchvision"},
    Row{"resnet34", "resnet34", "torchvision"},
    Row{"resnet50", "resnet50", "torchvision"},
    Row{"resnet101", "resnet101", "torchvision"},
    Row{"resnet152", "resnet152", "torchvision"},
    Row{"densenet121", "densenet121", "torchvision"},
    Row{"inception_v3", "inception_v3", "torchvision"},
    Row{"convnext_tiny", "convnext_tiny", "timm_convnext"},
    Row{"tf_efficientnet_lite0", "efficientnet_lite0", "timm"},
    Row{"tf_efficientnet_lite1", "efficientnet_lite1", "timm"},
    Row{"tf_efficientnet_lite2", "efficientnet_lite2", "timm"},
    Row{"tf_efficientnet_lite3", "efficientnet_lite3", "timm"},
    Row{"tf_efficientnet_lite4", "efficientnet_lite4", "timm"},
    Row{"vit_small_patch16_224", "vit_s16", "timm_vit"},
    Row{"vit_small_patch16_384", "vit_s16", "timm_vit"},
    Row{"vit_base_patch16_224", "vit_b16", "timm_vit"},
    Row{"vit_base_patch16_384", "vit_b16", "timm_vit"},
    Row{"vit_base_patch32_224", "vit_b32", "timm_vit"},
    Row{"vit_base_patch32_384", "vit_b32", "timm_vit"},
    Row{"vit_large_patch16_224", "vit_l16", "timm_vit"},
    Row{"vit_large_patch16_384", "vit_l16", "timm_vit"},
    Row{"deit_small_patch16_224", "vit_s16", "timm_vit"},
    Row{"deit_base_patch16_224", "vit_b16", "timm_vit"},
    Row{"deit_base_patch16_384", "vit_b16", "timm_vit"},
    Row{"vit_small_patch14_dinov2", "dinov2_vits14", "timm_vit"},
    Row{"vit_base_patch14_dinov2", "dinov2_vitb14", "timm_vit"},
};

/// Arguments of timm's networks that do not change what they compute, or that the tensors tell.
constexpr std::array<std::string_view, 8> kHarmless{"img_size",       "num_classes", "drop_rate",
                                                    "drop_path_rate", "pretrained",  "dynamic_img_size",
                                                    "attn_drop_rate", "in_chans"};
const Row& row_of(const HubConfig& config) {
  // "resnet50.a1_in1k": what follows the point is whose weights they are.
  const std::string whole = config.text("architecture", "");
  const std::string name = whole.substr(0, whole.find('.'));
  const auto* const row =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& known) { return known.theirs == name; });
  if (row != kRows.end()) return *row;
  std::vector<std::string> names;
  for (const Row& known : kRows) names.emplace_back(known.theirs);
  config.fail(fmt::format("'architecture' is '{}', which is not supported{}", whole, did_you_mean(name, names)),
              fmt::format("one of {}", fmt::join(names, ", ")), kOnnxTip);
}

void check_pool(const HubConfig& config, const Row& row) {
  const std::string wanted = row.naming == "timm_vit" ? "token" : "avg", found = config.text("global_pool", wanted);
  if (found != wanted) config.fail("'global_pool' is '" + found + "'", "'" + wanted + "'", kOnnxTip);
}

void check_arguments(const HubConfig& config, const Row& row) {
  check_pool(config, row);
  const HubConfig inside = config.inside("model_args");
  check_pool(inside, row);
  const Json* const arguments = config.find("model_args");
  if (arguments == nullptr) return;
  for (const auto& [key, _] : arguments->items())
    if (key != "global_pool" && std::find(kHarmless.begin(), kHarmless.end(), key) == kHarmless.end())
      config.fail(fmt::format("'model_args' changes '{}' of the network", key),
                  "the network as timm builds it by its name", kOnnxTip);
}

std::vector<std::string> labels_of(const HubConfig& config, std::size_t classes) {
  std::vector<std::string> labels = config.texts("label_names");
  const Json* const described = config.find("label_descriptions");
  for (std::string& label : labels) {
    if (described == nullptr || !described->is_object()) break;
    const auto text = described->find(label);
    if (text != described->end() && text->is_string()) label = text->get<std::string>();
  }
  // timm, too, takes a thousand classes without a name for those of ImageNet.
  if (labels.empty() && classes == imagenet_labels().size())
    labels.assign(imagenet_labels().begin(), imagenet_labels().end());
  if (!labels.empty() && labels.size() != classes)
    config.fail(fmt::format("has {} 'label_names' for {} classes", labels.size(), classes), "as many");
  return labels;
}

}  // namespace

PretrainedSpec timm_spec(const HubConfig& config) {
  const Row& row = row_of(config);
  check_arguments(config, row);
  // Until 2023 what describes the weights stood next to the name.
  const HubConfig weights = config.find("pretrained_cfg") == nullptr ? config : config.inside("pretrained_cfg");
  const std::int64_t classes = config.integer("num_classes", weights.integer("num_classes", 0));
  if (classes < 0 || classes > (1 << 24)) config.fail(fmt::format("has {} classes", classes), "0 to 16777216");
  PretrainedSpec spec;
  spec.name = spec.architecture = row.ours;
  spec.source = "timm";
  spec.naming = row.naming;
  spec.preprocessor = image_preprocessor(timm_preprocess(weights));
  spec.outputs = static_cast<int>(classes);
  spec.labels = labels_of(config, to_size(classes));
  spec.licence = weights.text("license", "");
  return spec;
}

}  // namespace enxerto
