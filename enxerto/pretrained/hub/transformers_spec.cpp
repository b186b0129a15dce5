#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/nearest.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/pretrained/hub/image_processor.h"
#include "enxerto/pretrained/hub/sound_network.h"
#include "enxerto/pretrained/hub/specs.h"
#include "enxerto/pretrained/hub/token_network.h"

namespace enxerto {
namespace {

/// A key of config.json, and as text of JSON what it is where it is missing, or must be.
struct Key {
  std::string_view name, value;
};

/// The values of a family's size keys, in their order, and the zoo's row of these sizes.
struct SizeRow {
  std::string_view values, architecture;
};

struct Family {
  std::string_view model_type;        ///< of config.json
  std::string_view prefix;            ///< of its classes: "ViT" of ViTForImageClassification
  std::string_view naming;            ///< a row of `name_tables()`
  std::span<const Key> sizes, fixed;  ///< what tells the rows apart; what is the same for all that are built
  std::span<const SizeRow> rows;
  std::string_view classifier = "";  ///< what a classifier adds to the row's name
  ImagePreprocess usual = {};        ///< where there is no preprocessor_config.json
  bool states_size = true;           ///< `image_size` is what it is used at
};

constexpr Key kVitSizes[] = {
    {"hidden_size", "768"}, {"num_hidden_layers", "12"}, {"num_attention_heads", "12"}, {"patch_size", "16"}};
constexpr Key kVitFixed[] = {
    {"hidden_act", "\"gelu\""}, {"qkv_bias", "true"}, {"num_channels", "3"}, {"layer_norm_eps", "1e-12"}};
constexpr SizeRow kVitRows[] = {{"384, 12, 6, 16", "vit_s16"},
                                {"768, 12, 12, 16", "vit_b16"},
                                {"768, 12, 12, 32", "vit_b32"},
                                {"1024, 24, 16, 16", "vit_l16"}};

constexpr Key kDinov2Sizes[] = {
    {"hidden_size", "768"}, {"num_hidden_layers", "12"}, {"num_attention_heads", "12"}, {"patch_size", "14"}};
constexpr Key kDinov2Fixed[] = {{"hidden_act", "\"gelu\""},  {"qkv_bias", "true"}, {"num_channels", "3"},
                                {"layer_norm_eps", "1e-06"}, {"mlp_ratio", "4"},   {"use_swiglu_ffn", "false"}};
constexpr SizeRow kDinov2Rows[] = {{"384, 12, 6, 14", "dinov2_vits14"}, {"768, 12, 12, 14", "dinov2_vitb14"}};

constexpr Key kResnetSizes[] = {
    {"layer_type", "\"bottleneck\""}, {"depths", "[3,4,6,3]"}, {"hidden_sizes", "[256,512,1024,2048]"}};
constexpr Key kResnetFixed[] = {{"hidden_act", "\"relu\""},
                                {"downsample_in_first_stage", "false"},
                                {"downsample_in_bottleneck", "false"},
                                {"embedding_size", "64"},
                                {"num_channels", "3"}};
constexpr SizeRow kResnetRows[] = {{"\"basic\", [2,2,2,2], [64,128,256,512]", "resnet18"},
                                   {"\"basic\", [3,4,6,3], [64,128,256,512]", "resnet34"},
                                   {"\"bottleneck\", [3,4,6,3], [256,512,1024,2048]", "resnet50"},
                                   {"\"bottleneck\", [3,4,23,3], [256,512,1024,2048]", "resnet101"},
                                   {"\"bottleneck\", [3,8,36,3], [256,512,1024,2048]", "resnet152"}};

constexpr Key kConvnextSizes[] = {{"depths", "[3,3,9,3]"}, {"hidden_sizes", "[96,192,384,768]"}};
constexpr Key kConvnextFixed[] = {
    {"hidden_act", "\"gelu\""}, {"num_channels", "3"}, {"patch_size", "4"}, {"layer_norm_eps", "1e-12"}};
constexpr SizeRow kConvnextRows[] = {{"[3,3,9,3], [96,192,384,768]", "convnext_tiny"}};

const ImagePreprocess kSquashed{.size = 224,
                                .fit = ImagePreprocess::Fit::squash,
                                .filter = Filter::bilinear,
                                .mean = {0.5F, 0.5F, 0.5F},
                                .deviation = {0.5F, 0.5F, 0.5F}};

const std::array<Family, 4>& families() {
  static const std::array<Family, 4> all{
      Family{"vit", "ViT", "transformers_vit", kVitSizes, kVitFixed, kVitRows, "", kSquashed},
      Family{"dinov2", "Dinov2", "transformers_dinov2", kDinov2Sizes, kDinov2Fixed, kDinov2Rows, "_lc", {}, false},
      Family{"resnet", "ResNet", "transformers_resnet", kResnetSizes, kResnetFixed, kResnetRows, "", {}},
      Family{"convnext", "ConvNext", "transformers_convnext", kConvnextSizes, kConvnextFixed, kConvnextRows, "", {}},
  };
  return all;
}

const Family& family_of(const HubConfig& config) {
  const std::string type = config.text("model_type", "");
  std::vector<std::string> names;
  for (const Family& family : families()) {
    if (family.model_type == type) return family;
    names.emplace_back(family.model_type);
  }
  for (const std::vector<std::string>& others : {token_model_types(), sound_model_types()})
    names.insert(names.end(), others.begin(), others.end());
  config.fail(type.empty()
                  ? std::string("has neither 'model_type' nor 'architecture'")
                  : fmt::format("'model_type' is '{}', which is not supported{}", type, did_you_mean(type, names)),
              fmt::format("one of {}", fmt::join(names, ", ")), kOnnxTip);
}

/// The value of a key, or what it is where it is missing. A patch of [16, 16] counts as 16.
Json value_of(const HubConfig& config, const Key& key) {
  const Json* const found = config.find(key.name);
  if (found == nullptr) return Json::parse(key.value);
  if (key.name == "patch_size" && found->is_array() && found->size() == 2 && (*found)[0] == (*found)[1])
    return (*found)[0];
  return *found;
}

void check_fixed(const HubConfig& config, std::span<const Key> keys) {
  for (const Key& key : keys) {
    const Json found = value_of(config, key);
    if (found != Json::parse(key.value))
      config.fail(fmt::format("'{}' is {}", key.name, found.dump(-1, ' ', true)), std::string(key.value), kOnnxTip);
  }
}

std::string row_of(const HubConfig& config, const Family& family) {
  std::string values;
  std::vector<std::string> keys;
  for (const Key& key : family.sizes) {
    values += (values.empty() ? "" : ", ") + value_of(config, key).dump(-1, ' ', true);
    keys.emplace_back(key.name);
  }
  std::vector<std::string> known;
  for (const SizeRow& row : family.rows) {
    if (row.values == values) return std::string(row.architecture);
    known.push_back(fmt::format("{} ({})", row.values, row.architecture));
  }
  config.fail(fmt::format("is a {} with {} of {}", family.model_type, fmt::join(keys, ", "), values.substr(0, 200)),
              fmt::format("{}", fmt::join(known, " or ")), kOnnxTip);
}

/// What holds where preprocessor_config.json does not say otherwise.
ImagePreprocess usual_of(const HubConfig& config, const Family& family) {
  ImagePreprocess usual = family.usual;
  const Json* const found = config.find("image_size");
  if (found == nullptr || !family.states_size) return usual;
  const Json& side = found->is_array() && found->size() == 2 && (*found)[0] == (*found)[1] ? (*found)[0] : *found;
  if (!side.is_number_integer() || side < 1 || side > kMaxInputSide)
    config.fail(fmt::format("'image_size' is {}", found->dump()), fmt::format("1 to {}, px", kMaxInputSide), kOnnxTip);
  usual.size = side.get<int>();
  return usual;
}

bool has_classifier(const HubConfig& config, const Family& family) {
  const std::vector<std::string> classes = config.texts("architectures");
  if (classes.empty()) return false;
  const std::string classifier = fmt::format("{}ForImageClassification", family.prefix);
  const std::string model = fmt::format("{}Model", family.prefix);
  if (classes[0] != classifier && classes[0] != model)
    config.fail(fmt::format("'architectures' is {}", fmt::join(classes, ", ")),
                fmt::format("{} or {}", classifier, model), kOnnxTip);
  return classes[0] == classifier;
}

/// The texts of id2label by their number; none where they only say the number again ("LABEL_0").
std::vector<std::string> labels_of(const HubConfig& config) {
  const HubConfig names = config.inside("id2label");
  const Json* const all = config.find("id2label");
  std::vector<std::string> labels;
  bool telling = false;
  for (std::size_t i = 0; all != nullptr && i < all->size(); ++i) {
    const std::string key = std::to_string(i);
    if (names.find(key) == nullptr)
      config.fail(fmt::format("'id2label' has {} labels, but none for class {}", all->size(), i),
                  "one for each class from 0");
    labels.push_back(names.text(key, ""));
    telling = telling || labels.back() != "LABEL_" + key;
  }
  return telling ? labels : std::vector<std::string>();
}

}  // namespace

PretrainedSpec transformers_spec(const HubConfig& config, const HubConfig& processor) {
  const Family& family = family_of(config);
  check_fixed(config, family.fixed);
  const bool classifies = has_classifier(config, family);
  PretrainedSpec spec;
  spec.name = spec.architecture = row_of(config, family) + std::string(classifies ? family.classifier : "");
  spec.source = "transformers";
  spec.naming = family.naming;
  spec.preprocessor = image_preprocessor(image_processor(processor, usual_of(config, family)));
  if (!classifies) return spec;
  spec.labels = labels_of(config);
  const Json* const all = config.find("id2label");
  const std::int64_t classes =
      all != nullptr ? static_cast<std::int64_t>(all->size()) : config.integer("num_labels", 2);
  if (classes < 1 || classes > (1 << 24)) config.fail(fmt::format("has {} classes", classes), "1 to 16777216");
  spec.outputs = static_cast<int>(classes);
  return spec;
}

}  // namespace enxerto
