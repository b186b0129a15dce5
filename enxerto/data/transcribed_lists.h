#pragma once
#include <string>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Whether a file lists pictures and what is written in them, "word_1.png<TAB>Genaxis Theatre", as PaddleOCR's label
/// files for recognition do (rec_gt_train.txt).
bool is_transcript_list(const std::string& path);

/// Its pictures and texts; names are relative to `root`, or, where that is empty, to the list's folder. Throws
/// Error{data} naming file:line for a line without a tab, and for boxes in JSON, which PaddleOCR's label files for
/// detection have.
DataParts open_transcript_list(const std::string& path, const std::string& root, const DataWatch& watch);

}  // namespace enxerto
