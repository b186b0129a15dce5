#pragma once
#include <string>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Whether an .xml file is one of CVAT's own, or a folder has one, as it is when an export is unpacked: annotations.xml
/// beside images/.
bool is_cvat_data(const std::string& path);

/// Opens the shapes of "CVAT for images 1.1", of a file or of all those in a folder: as a class for each pixel, that of
/// the foremost shape that covers it; as boxes around them; or as boxes where every shape is one, else as masks. Parts
/// are those that the file calls its subsets ("Train", "Validation"). Pictures lie below `images` or beside the file.
/// Pictures without a shape are examples. Throws Error{data} naming file, picture and shape of what is wrong.
DataParts open_cvat_masks(const std::string& path, const std::string& images, const DataWatch& watch);
DataParts open_cvat_boxes(const std::string& path, const std::string& images, const DataWatch& watch);
DataParts open_cvat(const std::string& path, const std::string& images, const DataWatch& watch);

}  // namespace enxerto
