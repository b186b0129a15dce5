#pragma once
#include <string>
#include <vector>

#include "enxerto/files/json.h"
#include "enxerto/media/preprocessor.h"
#include "session.h"

namespace enxerto::cli {

/// Shows what a network reads of one text or two: pieces, ids, masks and offsets. Throws Error{usage} where it reads no
/// texts.
Json inspect_text(const Session& session, const Preprocessor& preprocessor, const std::vector<std::string>& given);

}  // namespace enxerto::cli
