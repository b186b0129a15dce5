#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "enxerto/training/checkpoint.h"

namespace enxerto {

std::string to_text(const RunIdentity& identity);

/// Throws Error{weights} naming `where`.
RunIdentity run_identity_from(std::string_view text, std::string_view where);

/// Throws unless a checkpoint of `found` may be resumed by a run that is `wanted`: Error{usage} for other classes,
/// another recipe (naming the key) and other data, Error{weights} for another network. `folder` is named.
void require_same_run(const RunIdentity& found, const RunIdentity& wanted, const std::filesystem::path& folder);

/// The first key whose value is another in two recipes, "phase 2: learning_rate was 0.001, is 0.01"; "" where they are
/// equal or cannot be read.
std::string recipe_difference(const std::string& before, const std::string& now);

}  // namespace enxerto
