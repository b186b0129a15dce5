#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Data of classes (folders, files by a pattern over their paths, tables) as examples of identities: no split divides
/// one. Notices name identities of a single example, which make no pair. Throws as `refuse_alike_identities`, and for
/// a table of pairs that does not say which are the same.
DataParts open_identities(const std::filesystem::path& path, const TableOptions& table, const DataWatch& watch);

/// Throws Error{data} naming `where` for two names that look the same (`first_look_alikes`): those who are told apart
/// would be one person, whose pairs count as pairs of two. Classes of other things are only told of.
void refuse_alike_identities(std::span<const std::string> names, std::string_view where);

}  // namespace enxerto
