#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/features/extract.h"
#include "enxerto/files/json.h"
#include "enxerto/workflow/timings.h"

namespace enxerto::cli {

/// "features 3.2 s, head 0.4 s".
std::string timing_text(const Timings& timings);
Json timing_json(const Timings& timings);

/// [{"name": .., "reason": ..}].
Json skipped_json(const std::vector<BadExample>& skipped);

/// One line a skipped picture on standard output, the first few.
void print_skipped(const std::vector<BadExample>& skipped);

/// Columns padded to their widest cell; numbers (cells that begin with a digit or a sign) to the right.
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace enxerto::cli
