#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace enxerto::cli {

/// The files that were named; "-" stands for the lines of standard input, as any system writes them, or the names there
/// that NUL bytes end. Throws Error{data} where there are none, or the
/// contents of a file.
std::vector<std::filesystem::path> named_files(const std::vector<std::string>& words);

}  // namespace enxerto::cli
