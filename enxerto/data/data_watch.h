#pragma once
#include <filesystem>
#include <string_view>

#include "enxerto/base/progress.h"
#include "enxerto/data/data_faults.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Who is told of what a reader does, and of what is wrong with the data.
struct DataWatch {
  DataWatch(Progress& watched,  // NOLINT(google-explicit-constructor): most readers are watched by a progress alone
            DataFaults& told = refused_faults())
      : progress(watched), faults(told) {}

  Progress& progress;
  DataFaults& faults;
};

/// As `open_data`. What is wrong with a single box, mask, line or picture's file of them goes to `watch.faults`.
DataParts open_watched(const std::filesystem::path& given, const TableOptions& table, const DataWatch& watch);

/// True where the data are of a form of which it is asked what it is to give, and it can give this kind of target:
/// objects with outlines can be boxes or masks.
bool can_give(const std::filesystem::path& given, std::string_view kind);

}  // namespace enxerto
