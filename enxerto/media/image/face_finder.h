#pragma once
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/files/json.h"
#include "enxerto/media/image/image.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// A detector that a finder can look with: a row of the table.
struct FaceDetectorKind {
  std::string_view name;  ///< "ssd_mobilenetv1", "tiny_face_detector", as face-api's files are called
  int size;               ///< of its input, px
  float divisor;          ///< a number v of 0 to 255 becomes v / divisor - mean
  std::array<float, 3> mean;
  double overlap;  ///< a box that shares more than this (intersection over union) with a surer one is dropped
  bool inside;     ///< boxes end at the picture's border
};
std::span<const FaceDetectorKind> face_detector_kinds();

/// What is recorded of a finder.
struct FaceFinderSettings {
  std::string detector;       ///< a row of `face_detector_kinds`
  double least_score = 0.5;   ///< faces that the detector is less sure of are none
  std::string networks = {};  ///< digest of both networks
};
Json to_json(const FaceFinderSettings& settings);

/// The opposite. Throws Error{data} naming `where` for a member that is missing, unknown or out of range.
FaceFinderSettings face_finder_settings_from_json(const Json& json, std::string_view where);

struct FoundFace {
  double left = 0, top = 0, width = 0, height = 0;  ///< px
  double score = 0;
  Tensor points = {};  ///< (69, 2) of float64, px: 68 points, and width and height of the box (face_points.h)
};

/// Finds faces and their 68 points in a picture as face-api does it on a tensor (detectAllFaces, withFaceLandmarks):
/// `detector` gives "boxes" and "scores" (zoo/face_detectors.h), `landmarks` "points" (zoo/face_landmarks.h).
class FaceFinder {
 public:
  FaceFinder(FaceFinderSettings settings, NetworkRun detector, NetworkRun landmarks);

  /// The largest first.
  std::vector<FoundFace> find(const Image& image) const;

  /// The largest alone, of which alone the points are looked for; without any, `points` is empty.
  FoundFace largest(const Image& image) const;

 private:
  std::vector<FoundFace> boxes(const Image& image) const;
  void add_points(const Image& image, FoundFace& face) const;

  FaceFinderSettings settings_;
  const FaceDetectorKind& kind_;
  NetworkRun detector_, landmarks_;
};

}  // namespace enxerto
