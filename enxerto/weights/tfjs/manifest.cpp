#include "enxerto/weights/tfjs/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <unordered_set>

#include "enxerto/files/json.h"
#include "enxerto/weights/foreign_tensor.h"
#include "enxerto/weights/tfjs/topology.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::size_t kManifestRankLimit = 64;

constexpr std::pair<std::string_view, DType> kManifestTypes[] = {{"float32", DType::f32}, {"int32", DType::i32},
                                                                 {"uint8", DType::u8},    {"bool", DType::boolean},
                                                                 {"float16", DType::f16}, {"uint16", DType::u16}};

std::optional<DType> type_named(std::string_view name) {
  for (const auto& [known, type] : kManifestTypes) {
    if (known == name) return type;
  }
  return std::nullopt;
}

class ManifestParser {
 public:
  explicit ManifestParser(std::string_view where) : where_(where) {}

  TfjsManifest parse(const Json& root) {
    TfjsManifest manifest;
    const Json* groups = &root;
    manifest.format = "TF.js weights";
    if (root.is_object()) {
      groups = find(root, "weightsManifest");
      if (groups == nullptr) fail("has no 'weightsManifest'", "a model.json of TensorFlow.js");
      describe(root, manifest);
    }
    if (!groups->is_array()) fail("has a 'weightsManifest' that is not a list", "a list of groups");
    for (const Json& group : *groups) manifest.groups.push_back(parse_group(group));
    return manifest;
  }

 private:
  [[noreturn]] void fail(std::string found, std::string expected, std::string tip = {}) const {
    throw_weights_error(where_, {.found = std::move(found), .expected = std::move(expected), .tip = std::move(tip)});
  }

  static const Json* find(const Json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto at = object.find(key);
    return at == object.end() ? nullptr : &*at;
  }

  const Json& list(const Json& object, const char* key) const {
    const Json* const value = find(object, key);
    if (value == nullptr || !value->is_array()) fail(fmt::format("has a group without a list '{}'", key), "one");
    return *value;
  }

  static void describe(const Json& root, TfjsManifest& manifest) {
    const Json* const topology = find(root, "modelTopology");
    const Json* const format = find(root, "format");
    if (topology != nullptr) manifest.layers = layers_of_topology(*topology);
    const bool graph = (format != nullptr && *format == "graph-model") ||
                       (manifest.layers.empty() && topology != nullptr && find(*topology, "node") != nullptr);
    manifest.format = graph ? "TF.js graph model" : "TF.js layers model";
    for (const char* const key : {"generatedBy", "convertedBy"}) {
      const Json* const value = find(root, key);
      if (value != nullptr && value->is_string()) manifest.metadata[key] = value->get<std::string>();
    }
  }

  TfjsGroup parse_group(const Json& json) {
    TfjsGroup group;
    for (const Json& path : list(json, "paths")) group.paths.push_back(parse_path(path));
    for (const Json& weight : list(json, "weights")) {
      group.weights.push_back(parse_weight(weight));
      if (__builtin_add_overflow(group.stored_bytes, group.weights.back().stored_bytes, &group.stored_bytes)) {
        fail("has a group of more bytes than can be counted", "sizes that can be stored");
      }
    }
    return group;
  }

  std::string parse_path(const Json& json) {
    if (!json.is_string()) fail("has a shard path that is not a string", "the name of a file next to the manifest");
    auto path = json.get<std::string>();
    const std::filesystem::path parts(path);
    const bool outside = path.empty() || path.find('\0') != std::string::npos || path.find('\\') != std::string::npos ||
                         path.find("://") != std::string::npos || parts.is_absolute() ||
                         std::ranges::any_of(parts, [](const auto& part) { return part == ".."; });
    if (outside) {
      fail("has a shard at " + shown(path), "a path inside the manifest's folder",
           "put the shards next to the manifest and list them there");
    }
    if (!paths_.insert(parts.lexically_normal().string()).second) {
      fail("names the shard " + shown(path) + " twice", "each shard once");
    }
    return path;
  }

  TfjsWeight parse_weight(const Json& json) {
    TfjsWeight weight;
    const Json* const name = find(json, "name");
    if (name == nullptr || !name->is_string()) fail("has a weight without a name", "one");
    weight.name = name->get<std::string>();
    if (!names_.insert(weight.name).second) {
      fail("has two weights named " + shown(weight.name), "each name once",
           "convert the model again; Keras 3 models with TF_USE_LEGACY_KERAS=1 and tf_keras");
    }
    weight.dtype = parse_type(find(json, "dtype"), weight.name);
    weight.shape = parse_shape(find(json, "shape"), weight.name);
    if (const Json* const quantization = find(json, "quantization")) {
      weight.quantization = parse_quantization(*quantization, weight);
    }
    const auto restored = byte_count(weight.dtype, weight.shape);
    const auto stored = byte_count(weight.quantization ? weight.quantization->stored : weight.dtype, weight.shape);
    if (!restored || !stored) {
      fail(fmt::format("has weight {} of shape {}", shown(weight.name), to_string(weight.shape)),
           "a size that can be stored");
    }
    weight.stored_bytes = *stored;
    return weight;
  }

  DType parse_type(const Json* json, std::string_view name) const {
    const std::string text = json != nullptr && json->is_string() ? json->get<std::string>() : "";
    if (const auto type = type_named(text)) return *type;
    fail(fmt::format("has weight {} of the type {}", shown(name), shown(text)),
         "float32, int32, uint8, bool, float16 or uint16",
         "convert the model without string and complex constants (a graph model is better converted to ONNX)");
  }

  Shape parse_shape(const Json* json, std::string_view name) const {
    if (json == nullptr || !json->is_array() || json->size() > kManifestRankLimit) {
      fail(fmt::format("has weight {} without a shape", shown(name)), "a list of sizes");
    }
    Shape shape;
    for (const Json& size : *json) {
      const auto* const number = size.get_ptr<const Json::number_unsigned_t*>();
      if (number == nullptr || *number > INT64_MAX) {
        fail(fmt::format("has weight {} with an invalid size", shown(name)), "non-negative integers");
      }
      shape.push_back(static_cast<std::int64_t>(*number));
    }
    return shape;
  }

  TfjsQuantization parse_quantization(const Json& json, const TfjsWeight& weight) const {
    const Json* const stored = find(json, "dtype");
    const std::string text = stored != nullptr && stored->is_string() ? stored->get<std::string>() : "";
    const auto type = type_named(text);
    const bool half = type == DType::f16;
    const bool integer = type == DType::u8 || type == DType::u16;
    if ((!half && !integer) || (weight.dtype != DType::f32 && (half || weight.dtype != DType::i32))) {
      fail(fmt::format("has weight {} of {} quantised to {}", shown(weight.name), name_of(weight.dtype), shown(text)),
           "float32 quantised to uint8, uint16 or float16, or int32 to uint8 or uint16");
    }
    TfjsQuantization quantization{.stored = *type};
    if (half) return quantization;
    const Json* const min = find(json, "min");
    const Json* const scale = find(json, "scale");
    if (min == nullptr || scale == nullptr || !min->is_number() || !scale->is_number()) {
      fail(fmt::format("has weight {} quantised without 'min' and 'scale'", shown(weight.name)), "both");
    }
    quantization.min = min->get<double>();
    quantization.scale = scale->get<double>();
    const double highest = *type == DType::u8 ? 255 : 65535;
    const double limit = weight.dtype == DType::f32 ? std::numeric_limits<float>::max() : 2147483647.0;
    if (!(std::abs(quantization.min) + highest * std::abs(quantization.scale) <= limit)) {
      fail(fmt::format("has weight {} quantised from {} in steps of {}", shown(weight.name), quantization.min,
                       quantization.scale),
           fmt::format("values that {} can hold", name_of(weight.dtype)));
    }
    return quantization;
  }

  std::string_view where_;
  std::unordered_set<std::string> names_;
  std::set<std::string> paths_;
};

}  // namespace

TfjsManifest parse_tfjs_manifest(std::string_view text, std::string_view where) {
  return ManifestParser(where).parse(parse_json(text, where, ErrorKind::weights));
}

}  // namespace enxerto
