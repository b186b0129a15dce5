#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/dtype.h"
#include "enxerto/base/shape.h"
#include "enxerto/weights/metadata.h"

namespace enxerto {

/// How the elements of a weight are stored in fewer bits: `stored * scale + min` for integers, as it is for float16.
struct TfjsQuantization {
  DType stored = DType::u8;
  double min = 0, scale = 1;
};

/// One weight as the manifest describes it.
struct TfjsWeight {
  std::string name;
  DType dtype = DType::f32;
  Shape shape;
  std::optional<TfjsQuantization> quantization;
  std::uint64_t stored_bytes = 0;
};

/// Weights that lie one behind the other in the joined bytes of some shards.
struct TfjsGroup {
  std::vector<std::string> paths;
  std::vector<TfjsWeight> weights;
  std::uint64_t stored_bytes = 0;  ///< sum over the weights
};

struct TfjsManifest {
  std::vector<TfjsGroup> groups;
  std::vector<std::string> layers;  ///< of a layers model, in the order of its topology; empty otherwise
  std::string format;               ///< "TF.js layers model", "TF.js graph model", "TF.js weights"
  Metadata metadata;                ///< "generatedBy", "convertedBy"
};

/// Parses a `model.json` or `weights_manifest.json`. Names and paths are each there once, paths stay inside the folder,
/// sizes fit 63 bits. Throws Error{weights}.
TfjsManifest parse_tfjs_manifest(std::string_view text, std::string_view where);

}  // namespace enxerto
