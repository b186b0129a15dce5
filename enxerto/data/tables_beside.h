#pragma once
#include <span>
#include <string>

#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"

namespace enxerto {

/// Says where a table among `files` of the folder `root` names the examples that were found in the folders beside it:
/// it may say better than the folders of which class they are.
void notice_tables_beside(const std::string& root, std::span<const std::string> files, const Dataset& examples,
                          Progress& progress);

}  // namespace enxerto
