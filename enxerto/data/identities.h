#pragma once
#include <filesystem>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Data of classes (folders, files by a pattern over their paths, tables) as examples of identities: no split divides
/// one. Notices name identities of a single example, which make no pair. Throws Error{data} for two names that differ
/// in case or accents alone: pairs of one person would count as pairs of two.
DataParts open_identities(const std::filesystem::path& path, const TableOptions& table, const DataWatch& watch);

}  // namespace enxerto
