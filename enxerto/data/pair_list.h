#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// A list of pairs of files, as people verify by: pairs.txt of Labeled Faces in the Wild (a line "10 300", then for
/// each of ten folds 300 lines "NAME 1 4" and 300 "NAME 1 OTHER 2", of the files NAME/NAME_0001.jpg; or one number and
/// no folds), or a table (.tsv, .csv) with the columns first, second and same (1 or 0, yes or no), and perhaps fold.
bool is_pair_list(const std::string& path);

inline constexpr std::string_view kFormOfPairs =
    "NAME NUMBER NUMBER, or NAME NUMBER NAME NUMBER, as pairs.txt of Labeled Faces in the Wild has them";

/// A table with the columns first and second alone: pairs that are asked for, but cannot be learned from or measured.
bool lacks_answers_of_pairs(const std::string& path);

/// The files of a list, each once, with the pairs that they are in as targets of the kind "identities". Files are below
/// `root`, or, where that is empty, the list's folder. Throws Error{data} naming file:line for a line of another form,
/// a file that is not there, a fold with more pairs of one kind, a file with itself, two files with both answers.
DataParts open_pair_list(const std::filesystem::path& path, const std::string& root, Progress& progress);

/// A pair of files as a list names it.
struct NamedPair {
  std::string first, second;  ///< paths
  bool same = false;          ///< not looked at where it is what is asked
};

/// The pairs of a list of which a table need not have the column same. Throws as `open_pair_list`.
std::vector<NamedPair> asked_pairs(const std::filesystem::path& path, const std::string& root);

}  // namespace enxerto
