#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"

namespace enxerto {

/// Where texts and their translations are.
struct TextPairFiles {
  std::filesystem::path source;  ///< or both, as `pair_path` names them
  /// Lines that belong to those of `source`; "": `source` has both, as .tsv, .csv or lines of JSON.
  std::filesystem::path target = {};
  /// Of a table or lines of JSON: the columns of the source and of the target; none: those called source and target,
  /// the only two, or, of a .tsv without names, the first two.
  std::vector<std::string> columns = {};
};

/// Texts and their translations, both with something in them.
struct TextPairs {
  std::vector<std::string> sources = {}, targets = {};
  std::vector<std::size_t> lines = {};  ///< where each stands in its file, from 1
  std::size_t blank = 0;                ///< pairs that were left out as one side, or both, are blank
  std::size_t same = 0;                 ///< pairs of which both sides are the same
};

/// Reads two aligned files, a table, or lines of JSON ({"en": .., "pt": ..}, alone or below "translation", as
/// transformers' run_translation.py reads them). Notices say what was left out, and where many pairs are copies. Throws
/// Error{data} for files with different numbers of lines, naming the first without a partner and the first line that is
/// blank in one of them alone, for bytes that are no UTF-8, and where no pair is left; Error{usage} for columns that
/// are not there.
TextPairs read_text_pairs(const TextPairFiles& files, Progress& progress);

}  // namespace enxerto
