#pragma once
#include <filesystem>
#include <string>

namespace enxerto {

/// "; did you mean 'data/flowers'?", of what lies in the same folder, for a path at which nothing is; "" where nothing
/// has a name that is near.
std::string did_you_mean_path(const std::filesystem::path& path);

}  // namespace enxerto
