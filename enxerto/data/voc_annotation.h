#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/box_faults.h"

namespace enxerto {

/// An object of a file in the form of PASCAL VOC, in the numbers of the file.
struct VocObject {
  std::size_t number = 0;  ///< in the file, from 1
  std::string name;        ///< of its class
  double left = 0, top = 0, right = 0, bottom = 0;
  bool difficult = false;
};

/// What such a file says of one picture.
struct VocAnnotation {
  std::string path;      ///< of the file
  std::string filename;  ///< of the picture, "" where it is not said
  double width = 0, height = 0;
  std::vector<VocObject> objects;
};

/// Whether a text begins as such a file does.
bool looks_like_voc(std::string_view text);

/// Reads one (Everingham et al. 2010, "The PASCAL Visual Object Classes Challenge", and its development kit); parts of
/// objects and poses are not looked at. An object without a class or a corner goes to `faults`. Throws Error{data}
/// naming file and line for what is no XML, or another's.
VocAnnotation parse_voc_annotation(std::string_view text, const std::string& path, BoxFaults& faults);

}  // namespace enxerto
