#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/media/image/face_finder.h"
#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// Whether these are the tensors of face-api's network for face recognition (dlib's).
bool is_face_recognition(const StateDict& file);

/// That network, which sees faces cut out by their eyes and mouth. Throws Error{weights} where tensors do not fit.
Backbone face_recognition_backbone(const std::filesystem::path& file, const StateDict& tensors);

/// The names of the detectors that it knows, as recipes say them.
std::vector<std::string> face_detector_names();

/// What finds faces and their points, as face-api's files have it.
struct FaceNetworks {
  FaceFinderSettings settings;
  Graph detector, landmarks;
  std::vector<std::filesystem::path> files;  ///< manifests that they were read from
};

struct FaceNetworkOptions {
  std::string detector = {};  ///< a row of `face_detector_kinds`; "": the first that is there
  bool tiny_landmarks = false;
  double least_score = 0.5;
};

/// Those of a folder with face-api's weights manifests ("ssd_mobilenetv1_model-weights_manifest.json" and
/// "face_landmark_68_model-weights_manifest.json" or the tiny ones). Throws Error{usage} for an unknown detector and a
/// score that is not between 0 and 1, Error{weights} naming the file that is missing, damaged or of another network.
FaceNetworks load_face_networks(const std::filesystem::path& folder, const FaceNetworkOptions& options);

}  // namespace enxerto
