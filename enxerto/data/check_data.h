#pragma once
#include <filesystem>
#include <optional>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/progress.h"
#include "enxerto/data/data_summary.h"
#include "enxerto/data/parts.h"
#include "enxerto/data/text_overlap.h"

namespace enxerto {

/// All that is wrong with data, and what they hold without it.
struct DataCheck {
  std::vector<ErrorText> wrong;             ///< each would end a run, or be left out of it; `where` is "labels/a.txt:3"
  std::vector<ErrorText> doubtful;          ///< boxes that stand twice, pictures that are nearly black ..
  DataParts sound = {};                     ///< the examples that can be learned from; no part where there are none
  std::optional<DataSummary> summary = {};  ///< of them
  std::vector<TextOverlap> overlaps = {};   ///< of their test part with what is learned from
};

/// Opens the data, and reads every example and its target on `threads` threads (0: all cores). Throws Error{usage} as
/// `open_data`, and Error{interrupted}; what else it throws is in `wrong`.
DataCheck check_data(const std::filesystem::path& path, const TableOptions& table, int threads = 0,
                     Progress& progress = no_progress());

/// The same of test data of their own as well, whose findings are added, and their overlap with what is learned from.
DataCheck check_data(const std::filesystem::path& path, const std::filesystem::path& test, const TableOptions& table,
                     int threads = 0, Progress& progress = no_progress());

}  // namespace enxerto
