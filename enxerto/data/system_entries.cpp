#include "enxerto/data/system_entries.h"

#include <algorithm>
#include <array>
#include <string>

#include "enxerto/base/lower_case.h"

namespace enxerto {
namespace {

/// In lower case.
constexpr std::array<std::string_view, 32> kSystemNames{
    ".ds_store",   ".localized",         ".appledouble",    ".spotlight-v100",
    ".trashes",    ".fseventsd",         ".temporaryitems", "icon\r",
    "__macosx",    "thumbs.db",          "ehthumbs.db",     "ehthumbs_vista.db",
    "desktop.ini", "$recycle.bin",       "recycler",        "system volume information",
    "lost+found",  ".directory",         ".trash-1000",     ".thumbnails",
    "@eadir",      "#recycle",           ".picasa.ini",     "picasa.ini",
    ".git",        ".gitignore",         ".gitattributes",  ".gitkeep",
    ".keep",       ".ipynb_checkpoints", ".cache",          ".dropbox"};

}  // namespace

bool is_system_entry(std::string_view name) {
  if (name.starts_with("._")) return true;
  return std::ranges::find(kSystemNames, lower_case(name)) != kSystemNames.end();
}

}  // namespace enxerto
