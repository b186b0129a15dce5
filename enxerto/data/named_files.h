#pragma once
#include <string>

#include "enxerto/data/open.h"

namespace enxerto {

/// The files below `root`, each of the class that the capture of `pattern` (`PathPattern`) finds in its path below the
/// root: "7" of 7_jackson_3.wav by '^(\d)_'. Classes are in byte order. A notice names files that it does not fit,
/// which are left out. Throws Error{usage} for a pattern that is none, Error{data} where it fits no file, or there is
/// none.
DataParts open_named_files(const std::string& root, const std::string& pattern, Progress& progress);

/// `pattern` where `path` is a folder with files of a medium in it, as those that were learned by a pattern; "" for
/// class folders, tables and all else.
std::string pattern_for(const std::string& path, const std::string& pattern);

}  // namespace enxerto
