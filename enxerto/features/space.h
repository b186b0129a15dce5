#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "enxerto/features/cache.h"
#include "enxerto/features/row_store.h"

namespace enxerto {

/// Opens the feature space in `folder`, made where it is missing: space.json and the checksum of what it says of the
/// rows, index.lmdb (content hash -> segment, row, XXH3-64 of the record, and its length where lengths vary), segments,
/// and a file in_use that is locked as long as the store lives and whose time tells the last use. A damaged space.json
/// is written anew, and a space whose index or description is lost is made anew; `repairs`, where it is given, gets a
/// sentence on that. Throws Error{disk}, also where the folder holds rows of another layout or type.
std::shared_ptr<RowStore> open_space(const std::filesystem::path& folder, const SpaceRecord& record,
                                     std::vector<std::string>* repairs = nullptr);

/// What `cache status` shows; a damaged space has 0 rows.
SpaceStatus space_status(const std::filesystem::path& folder);

/// Deletes the space unless somebody uses it. True where it is gone.
bool delete_space(const std::filesystem::path& folder);

}  // namespace enxerto
