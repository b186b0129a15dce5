#pragma once
#include <string>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Opens the outlines of objects as COCO writes them, polygons and RLE ("segmentation", plain or as pycocotools writes
/// it), as a class for each pixel: that of the objects, crowds among them, which cover it; "background" where none
/// does; nothing where several of different classes do. To the pixel what pycocotools' `annToMask` gives. Pictures
/// without objects are background. Pictures lie where `open_coco_file` looks. Throws Error{data} as that, and for an
/// object without an outline, a polygon of fewer than three points or beyond its picture, an RLE of another size than
/// its picture or that does not add up to its pixels.
DataParts open_coco_masks(const std::string& path, const std::string& images, const DataWatch& watch);

/// The same of a folder; a file is of the part that its name or its folder says.
DataParts open_coco_mask_folder(const std::string& path, const std::string& images, const DataWatch& watch);

}  // namespace enxerto
