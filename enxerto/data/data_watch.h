#pragma once
#include <filesystem>

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

}  // namespace enxerto
