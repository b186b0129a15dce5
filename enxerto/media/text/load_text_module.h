#pragma once
#include <filesystem>
#include <vector>

#include "enxerto/media/text/crate_interface.h"

namespace enxerto {

/// libenxerto_text.so, opened as `open_module` does and throwing what it throws.
const EnxertoTextFunctions& open_text_module(const std::vector<std::filesystem::path>& directories);

/// That of this process, opened on first use.
const EnxertoTextFunctions& text_module();

}  // namespace enxerto
