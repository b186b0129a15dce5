#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/base/tensor.h"
#include "enxerto/data/dataset.h"

namespace enxerto {

struct FaceSearch {
  std::filesystem::path networks;  ///< folder of face-api's weights manifests
  std::string detector = {};       ///< a row of `face_detector_kinds`; "": the first that is there
  double least_score = 0.5;        ///< of a face, above 0 and below 1
  int threads = 0;                 ///< 0: `usable_cores()`
};

/// What was found in one picture.
struct SearchedPicture {
  std::string id;
  std::size_t faces = 0;
  double score = 0;  ///< of the largest face
  Tensor points;     ///< its 68 and the size of its box, (69, 2) of float64, px; empty where there is none
  std::string bad;   ///< why it could not be read; empty where it could
};

/// Looks for faces in all pictures of `dataset`, in its order. Throws as `load_face_networks`, and Error{interrupted}.
std::vector<SearchedPicture> find_faces(const Dataset& dataset, const FaceSearch& search,
                                        Progress& progress = no_progress());

}  // namespace enxerto
