#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "enxerto/features/cache.h"
#include "enxerto/features/row_store.h"

namespace enxerto {

/// Opens the feature space in `folder`, made where it is missing: space.json, index.lmdb (content hash -> segment, row,
/// XXH3-64 of the record, and its length where lengths vary), segments, and a file in_use that is locked as long as the
/// store lives and whose time tells the last use. Throws Error{disk}, also where the folder holds rows of another
/// layout or type.
std::shared_ptr<RowStore> open_space(const std::filesystem::path& folder, const SpaceRecord& record);

/// What `cache status` shows; a damaged space has 0 rows.
SpaceStatus space_status(const std::filesystem::path& folder);

/// Deletes the space unless somebody uses it. True where it is gone.
bool delete_space(const std::filesystem::path& folder);

}  // namespace enxerto
