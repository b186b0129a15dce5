#include "enxerto/pretrained/face_api.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/base/nearest.h"
#include "enxerto/files/is_file.h"
#include "enxerto/media/image/face_preprocessor.h"
#include "enxerto/pretrained/face_api_names.h"
#include "enxerto/pretrained/file_digests.h"
#include "enxerto/pretrained/sound_parameters.h"
#include "enxerto/weights/tfjs/tfjs.h"
#include "enxerto/zoo/face_detectors.h"
#include "enxerto/zoo/face_landmarks.h"
#include "enxerto/zoo/face_recognition.h"

namespace enxerto {
namespace {

Blueprint recognition() { return face_recognition({}); }
Blueprint landmarks() { return face_landmarks({}); }
Blueprint landmarks_tiny() { return face_landmarks({.tiny = true}); }
Blueprint tiny_detector() { return tiny_face_detector({}); }
Blueprint ssd_detector() { return ssd_face_detector({}); }

/// A network of face-api's, and what its files are called.
struct FaceApiRow {
  std::string_view name;  ///< of its files: NAME_model-weights_manifest.json
  FaceNetwork network;
  Blueprint (*make)();
};
constexpr std::array kFaceApi{
    FaceApiRow{"face_recognition", FaceNetwork::recognition, recognition},
    FaceApiRow{"face_landmark_68", FaceNetwork::landmarks, landmarks},
    FaceApiRow{"face_landmark_68_tiny", FaceNetwork::landmarks_tiny, landmarks_tiny},
    FaceApiRow{"ssd_mobilenetv1", FaceNetwork::ssd_detector, ssd_detector},
    FaceApiRow{"tiny_face_detector", FaceNetwork::tiny_detector, tiny_detector},
};

std::filesystem::path manifest_in(const std::filesystem::path& folder, std::string_view name) {
  return folder / fmt::format("{}_model-weights_manifest.json", name);
}

/// Tensors of whole numbers are constants of a network's graph, and passed over; a parameter is none.
void refuse_whole_numbers(const Blueprint& blueprint, const StateDict& tensors, const std::string& where) {
  for (const auto& [name, tensor] : tensors) {
    if (tensor.dtype() == DType::f32) continue;
    const std::string ours = face_api_name(name, tensors);
    if (std::ranges::find(blueprint.parameters, ours, &ParameterSpec::name) != blueprint.parameters.end())
      throw weights_error(where, fmt::format("'{}' of {}", name, name_of(tensor.dtype())), "float32",
                          "get the manifest again, where it came from");
  }
}

Graph graph_of(const FaceApiRow& row, const StateDict& tensors, const std::string& where) {
  refuse_whole_numbers(row.make(), tensors, where);
  const StateDict parameters = face_api_parameters(tensors, where);
  Graph graph = row.make().fill(parameters, where);
  require_sound(graph, parameters, where);
  return graph;
}

Graph read_network(const std::filesystem::path& folder, std::string_view name, FaceNetworks& networks) {
  const auto* const row = std::ranges::find(kFaceApi, name, &FaceApiRow::name);
  const std::filesystem::path file = manifest_in(folder, name);
  if (!is_file(file.string()))
    throw weights_error(file.string(), "there is no such file",
                        "the folder `model` of face-api (npm: @vladmandic/face-api), with its weights manifests");
  const WeightFile weights = read_tfjs(file);
  if (face_network_of(weights.tensors) != row->network)
    throw weights_error(file.string(), "tensors of another network", fmt::format("those of face-api's {}", name),
                        "`enxerto inspect FILE` lists its tensors");
  networks.files.push_back(file);
  return graph_of(*row, weights.tensors, file.string());
}

std::string digest_of(const FaceNetworks& networks) {
  Hash128Stream digest;
  for (const Graph* graph : {&networks.detector, &networks.landmarks}) {
    digest.add(std::string_view(graph->name));
    for (const auto& [name, tensor] : graph->parameters) digest.add(std::string_view(name)).add(tensor.bytes());
  }
  return digest.value().hex();
}

std::string detector_in(const std::filesystem::path& folder, const std::string& asked) {
  const std::vector<std::string> known = face_detector_names();
  if (!asked.empty()) {
    if (std::ranges::find(known, asked) == known.end())
      throw usage_error("detector", fmt::format("'{}'{}", asked, did_you_mean(asked, known)),
                        fmt::format("{}", fmt::join(known, " or ")));
    return asked;
  }
  const auto there =
      std::ranges::find_if(known, [&](const std::string& name) { return is_file(manifest_in(folder, name).string()); });
  return there == known.end() ? known.front() : *there;
}

}  // namespace

std::vector<std::string> face_detector_names() {
  std::vector<std::string> names;
  for (const FaceDetectorKind& kind : face_detector_kinds()) names.emplace_back(kind.name);
  return names;
}

bool is_face_recognition(const StateDict& file) { return face_network_of(file) == FaceNetwork::recognition; }

Backbone face_recognition_backbone(const std::filesystem::path& file, const StateDict& tensors) {
  Backbone backbone;
  backbone.graph = graph_of(kFaceApi.front(), tensors, file.string());
  backbone.spec.preprocessor = face_preprocessor({.size = 150,
                                                  .filter = Filter::bilinear,
                                                  .mean = {122.782F / 255, 117.001F / 255, 104.298F / 255},
                                                  .deviation = {1, 1, 1}},
                                                 *face_fit_named("eyes_and_mouth"));
  backbone.spec.name = kFaceApi.front().name;
  backbone.spec.architecture = "face_recognition";
  backbone.spec.source = "own";
  backbone.spec.naming = "face_api";
  backbone.spec.file = file.filename().string();
  backbone.weights_file = file.string();
  backbone.sha256 = file_digests(file, false).sha256;
  return backbone;
}

FaceNetworks load_face_networks(const std::filesystem::path& folder, const FaceNetworkOptions& options) {
  if (!(options.least_score > 0 && options.least_score < 1))
    throw usage_error("least score", fmt::format("{}", options.least_score), "a number between 0 and 1");
  FaceNetworks networks;
  networks.settings = {.detector = detector_in(folder, options.detector), .least_score = options.least_score};
  networks.detector = read_network(folder, networks.settings.detector, networks);
  networks.landmarks =
      read_network(folder, options.tiny_landmarks ? "face_landmark_68_tiny" : "face_landmark_68", networks);
  networks.settings.networks = digest_of(networks);
  return networks;
}

}  // namespace enxerto
