#pragma once
#include <string_view>

namespace enxerto {

/// What systems and programs leave in folders and nobody means as data: .DS_Store, ._x, Thumbs.db, desktop.ini,
/// __MACOSX, @eaDir, .git and their kin.
bool is_system_entry(std::string_view name);

}  // namespace enxerto
