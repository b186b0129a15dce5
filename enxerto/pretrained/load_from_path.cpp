#include "enxerto/pretrained/load_from_path.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/download/hub.h"
#include "enxerto/download/hub_access.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/nearest_path.h"
#include "enxerto/pretrained/bundle_backbone.h"
#include "enxerto/pretrained/face_api.h"
#include "enxerto/pretrained/file_digests.h"
#include "enxerto/pretrained/filled_backbone.h"
#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/pretrained/gguf_backbone.h"
#include "enxerto/pretrained/hub_folder.h"
#include "enxerto/pretrained/line_reader.h"
#include "enxerto/pretrained/lone_file.h"
#include "enxerto/pretrained/network_in.h"
#include "enxerto/pretrained/onnx_backbone.h"
#include "enxerto/pretrained/recurrent/recurrent_backbone.h"
#include "enxerto/pretrained/sounds/sound_files.h"
#include "enxerto/pretrained/spec.h"
#include "enxerto/pretrained/speech/ctc_head.h"
#include "enxerto/pretrained/speech/saved_transcription.h"
#include "enxerto/pretrained/speech/transcription_backbone.h"
#include "enxerto/pretrained/speech/transcription_network.h"
#include "enxerto/pretrained/tensorflow_backbone.h"
#include "enxerto/pretrained/translation/new_target.h"
#include "enxerto/pretrained/translation/translation_backbone.h"
#include "enxerto/pretrained/translation/translation_network.h"
#include "enxerto/weights/read_weights.h"
#include "enxerto/zoo/registry.h"

namespace enxerto {
namespace {

using Path = std::filesystem::path;

void refuse_other_weights(const Path& path, const LoadOptions& options) {
  if (options.weights.empty()) return;
  throw usage_error("backbone.weights",
                    fmt::format("'{}', but the backbone {} brings its own weights", options.weights, path.string()),
                    "one of the two", "name an architecture, such as resnet50, to use other weights");
}

void refuse_idle_size(const Backbone& backbone, const LoadOptions& options) {
  if (options.size == 0 || input_size(*backbone.spec.preprocessor) > 0) return;
  throw usage_error("input.size",
                    fmt::format("{} px has no effect: {} reads no pictures", options.size, backbone.spec.name), "",
                    "leave it out");
}

Backbone hub_folder_backbone(const Path& path, const LoadOptions& options) {
  const HubFolder folder = read_hub_folder(path);
  const WeightFile weights = read_weights(folder.weights);
  const FillOptions fill{.file = folder.weights.string(), .size = options.size, .constants = folder.constants};
  Backbone backbone = folder.network ? filled_backbone(folder.spec, *folder.network, weights, fill)
                                     : filled_backbone(folder.spec, weights, fill);
  backbone.pool = folder.pool;
  backbone.trained_from = folder.trained_from;
  if (folder.written) give_ctc_head(backbone, *folder.written, weights.tensors);
  backbone.sha256 = file_digests(folder.weights, false).sha256;
  backbone.notes.insert(backbone.notes.end(), folder.notes.begin(), folder.notes.end());
  return backbone;
}

[[noreturn]] void refuse_missing(const std::string& name) {
  std::error_code ignored;
  const bool there = std::filesystem::exists(name, ignored);
  throw weights_error("backbone " + name,
                      there ? "is a folder without a config.json or a saved model"
                            : "there is no such file or folder" + did_you_mean_path(name),
                      "a weight file, a saved model, an ONNX file, or a folder of transformers or timm",
                      there ? "name the weight file in it" : "check the path");
}

/// "models/resnet.pth" could be a name of the hub, but where the folder is there, or a file would be called so, it is a
/// path that somebody has mistyped.
bool is_mistyped(const Path& path) {
  constexpr std::array<std::string_view, 10> kEndings{".pth", ".pt",    ".bin",  ".safetensors", ".gguf",
                                                      ".h5",  ".keras", ".onnx", ".ckpt",        ".hdf5"};
  std::error_code ignored;
  return std::filesystem::is_directory(path.parent_path(), ignored) ||
         std::ranges::find(kEndings, path.extension().string()) != kEndings.end();
}

/// A network that translates, with new words of the language that it writes where they are asked for.
Backbone writing_backbone(const Path& path, const LoadOptions& options) {
  Backbone backbone = translation_backbone(path);
  if (options.vocabulary.kind != kLearnedPieces) return backbone;
  return with_new_target(std::move(backbone), options.vocabulary, options.seed);
}

Backbone hearing_backbone(const Path& path, const LoadOptions& options) {
  return transcription_backbone(path, options.language);
}

/// What a path can be, asked in this order.
struct Kind {
  bool (*is)(const Path& path);
  Backbone (*load)(const Path& path, const LoadOptions& options);
  BackboneWriting facts = {};
};
constexpr Kind kWritingKinds[] = {
    {is_translation_network, writing_backbone},
    {is_transcription_network, hearing_backbone, {.only_task = kSpeechToText, .takes_language = true}},
};

/// Null for one that does not write.
const Kind* writing_kind(const Path& path) {
  const auto* const found = std::ranges::find_if(kWritingKinds, [&](const Kind& kind) { return kind.is(path); });
  return found == std::end(kWritingKinds) ? nullptr : found;
}

/// A model of the hub by its name; it is not fetched here: training must not touch the network unasked.
Backbone hub_backbone(const std::string& id, const LoadOptions& options) {
  if (const std::optional<Path> folder = cached_hub_snapshot(id)) {
    const Kind* const kind = writing_kind(*folder);
    Backbone backbone = kind != nullptr ? kind->load(*folder, options) : hub_folder_backbone(*folder, options);
    backbone.spec.name = id;
    return backbone;
  }
  if (is_mistyped(id)) refuse_missing(id);
  throw weights_error("backbone " + id, "there is no such file or folder, and no downloaded model of this name",
                      "an existing path, or a model from the Hugging Face Hub in the cache",
                      fmt::format("enxerto models pull {}", id));
}

/// The architecture is the one that the tensors fit.
Backbone weight_file_backbone(const Path& path, const LoadOptions& options) {
  const WeightFile file = read_weights(path);
  if (std::optional<Backbone> hears = sound_file_backbone(path, file)) return *std::move(hears);
  const StateDict network = network_in(file.tensors).tensors;
  const std::string architecture = recognise_architecture(network);
  if (!architecture.empty()) return load_backbone(architecture, {.weights = path.string(), .size = options.size});
  if (is_face_recognition(file.tensors)) return face_recognition_backbone(path, file.tensors);
  if (std::optional<RecurrentWeights> weights = recurrent_weights(file, path.string()))
    return recurrent_backbone(path, *std::move(weights));
  throw weights_error(path.string(),
                      fmt::format("its tensors fit no architecture of `enxerto models`; {}", misfit(network)),
                      "complete weights of one of them",
                      "`enxerto inspect FILE` lists its tensors; name an architecture, with this file as its weights, "
                      "to be told what does not fit");
}

/// Asked behind `kWritingKinds`.
constexpr Kind kKinds[] = {
    {is_bundle, bundle_backbone},
    {is_hub_folder, hub_folder_backbone},
    {is_speech_embedding, speech_embedding_backbone},
    {is_onnx_file, onnx_backbone},
    {is_line_reader_folder, line_reader_backbone},
    {is_gguf_file, gguf_backbone},
    {is_tensorflow_graph, tensorflow_backbone},
    {is_file, weight_file_backbone},
};

bool is_name(const std::string& name) {
  const auto same = [&](const auto& row) { return row.name == name; };
  return std::ranges::any_of(pretrained_models(), same) || std::ranges::any_of(architectures(), same);
}

}  // namespace

BackboneWriting backbone_writing(const std::string& name) {
  if (is_name(name)) return {};
  const Kind* kind = writing_kind(name);
  if (kind == nullptr && is_hub_id(name))
    if (const std::optional<Path> folder = cached_hub_snapshot(name)) kind = writing_kind(*folder);
  return kind == nullptr ? BackboneWriting{} : kind->facts;
}

std::optional<Backbone> load_from_path(const std::string& name, const LoadOptions& options) {
  // A file that is called like a network must not change what the network's name means.
  if (is_name(name)) return std::nullopt;
  const Path path(name);
  const Kind* kind = writing_kind(path);
  if (kind == nullptr) {
    const auto* const found = std::ranges::find_if(kKinds, [&](const Kind& row) { return row.is(path); });
    if (found != std::end(kKinds)) kind = found;
  }
  if (kind != nullptr) {
    refuse_other_weights(path, options);
    Backbone backbone = kind->load(path, options);
    refuse_idle_size(backbone, options);
    return backbone;
  }
  if (!is_hub_id(name)) {
    if (path.has_parent_path() || path.has_extension()) refuse_missing(name);
    return std::nullopt;
  }
  refuse_other_weights(path, options);
  Backbone backbone = hub_backbone(name, options);
  refuse_idle_size(backbone, options);
  return backbone;
}

}  // namespace enxerto
