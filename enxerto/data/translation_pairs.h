#pragma once
#include <filesystem>
#include <string>

#include "enxerto/base/progress.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Whether it is lines of JSON with texts below "translation", as transformers' run_translation.py reads them.
bool is_translation_lines(const std::string& path);

/// Texts and their translations, two fields each, as `read_text_pairs` reads them; of a table or lines of JSON the
/// columns `options.texts`, else `options.learned`. Examples are called "train.en:17". Throws and says what
/// `read_text_pairs` does.
DataParts open_translation_pairs(const std::filesystem::path& path, const TableOptions& options, Progress& progress);

}  // namespace enxerto
