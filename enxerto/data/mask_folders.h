#pragma once
#include <string>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// True for a folder with `images/` and `masks/`, or with a folder for each part that has both, or with a file that
/// `is_mask_config` knows.
bool is_mask_folder(const std::string& path);

/// Pictures and their masks, PNG files of the same name at the same place below `masks/` ("a/b.jpg": "a/b.png", or
/// "a/b_mask.png"). Folders in `images/` that are called like parts are parts. What values stand for is said by
/// `classes.txt`, `classes.csv` or `labels.txt`, beside the two folders or in that of the masks (`parse_mask_names`).
/// Notices name what is ignored, masks without a picture among it. Throws Error{data} naming what is wrong: pictures
/// without a mask, two masks of one picture, and as `masked_datasets`.
DataParts open_mask_folder(const std::string& path, const DataWatch& watch);

/// True for a .yaml file that has `classes`, and `train` with `masks`.
bool is_mask_config(const std::string& path);

/// What such a file names: `train`, `val` and `test`, each with the folders `images` and `masks`, relative to `path` or
/// to the file's own folder; `classes`, names by value; and `ignore_classes`, values that are ignored. Pictures
/// without a mask are left out with a notice: the folder may be that of other tasks too. Throws as `open_mask_folder`.
DataParts open_mask_config(const std::string& path, const DataWatch& watch);

}  // namespace enxerto
