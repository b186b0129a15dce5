#pragma once
#include <string>

#include "enxerto/generation/written_figures.h"

namespace enxerto {

/// The row of networks that write one text for another: those of `translation_preprocessor`.
WritingRow written_translations_row();

}  // namespace enxerto
