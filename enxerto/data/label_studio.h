#pragma once
#include <string>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Whether a file is of Label Studio's own form, `is_label_studio_file`, or a folder has one.
bool is_label_studio_data(const std::string& path);

/// Opens the shapes of its exports "JSON" and "JSON-MIN", of a file or of all those in a folder: as a class for each
/// pixel, that of the last shape that covers it; as boxes around them; or as boxes where every shape is one, else as
/// masks. Pictures lie below `images` or below the file's folder, by the end of their address; those that nobody has
/// finished are left out with a notice. Throws Error{data} naming file, task and shape of what is wrong.
DataParts open_label_studio_masks(const std::string& path, const std::string& images, const DataWatch& watch);
DataParts open_label_studio_boxes(const std::string& path, const std::string& images, const DataWatch& watch);
DataParts open_label_studio(const std::string& path, const std::string& images, const DataWatch& watch);

}  // namespace enxerto
