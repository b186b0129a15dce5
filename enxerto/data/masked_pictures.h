#pragma once
#include <functional>
#include <string>
#include <vector>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/dataset.h"
#include "enxerto/data/mask_names.h"
#include "enxerto/media/image/decode_mask.h"
#include "enxerto/media/image/picture_size.h"

namespace enxerto {

/// A picture by its path below the data set's root (or from / on), and its mask.
struct MaskedPicture {
  std::string picture;
  std::string mask;  ///< its file; what messages call it
  /// Makes the mask of the picture where the file is not one of numbers; may be called from several threads.
  std::function<NumberedPicture(const Example& picture)> made = {};
};

/// Throws Error{data} naming `path` where the picture, as it is looked at, has another size; one that cannot be read
/// has none.
void require_same_size(const PictureSize& mask, const std::string& path, const Example& picture);

/// Pictures and their masks as Datasets of the target kind `masks`, one a part, with one list of classes
/// (`mask_classes`). Every mask is read once; up to 256 MB of them are kept in memory as runs, the others are read
/// again when they are asked for. Where the names say that all other values are ignored, pictures of which nothing is
/// left are left out with a notice. Throws Error{data} naming the mask: one that cannot be read, one of another size
/// than its upright picture, one of which every pixel is ignored; and as `mask_classes`, naming `root`. Pictures that
/// cannot be read are not looked at. Where faults are kept, pictures with such masks are left out.
std::vector<DatasetPtr> masked_datasets(const std::string& root, const std::vector<std::vector<MaskedPicture>>& parts,
                                        const MaskNames& names, const DataWatch& watch);

}  // namespace enxerto
