#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Texts to be learned from without answers (kind of target `kTextTarget`): a text file, or a folder with some below
/// it, each a document, or with `documents` "lines" each line that is not blank; of a table, each row's text. Throws
/// Error{data}, and Error{usage} for a word that `documents` does not have.
DataParts open_plain_texts(const std::filesystem::path& path, const TableOptions& options,
                           Progress& progress = no_progress());

/// The words of `TableOptions::documents`.
std::vector<std::string> document_words();

}  // namespace enxerto
