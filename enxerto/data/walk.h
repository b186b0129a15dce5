#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/data/file_list.h"
#include "enxerto/data/ignored_entries.h"

namespace enxerto {

/// What a folder holds, each in byte order.
struct FolderEntries {
  std::vector<std::string> folders, files;
};

/// Visible folders and regular files of the folder at `path`, symbolic links followed; hidden entries, broken links and
/// special files go to `ignored`, named with `shown` before them. Throws Error{data} where it is missing, no
/// folder or unreadable, or a link leads to itself.
FolderEntries list_folder(const std::string& path, const std::string& shown, IgnoredEntries& ignored);

/// The same without a word on what is ignored; nothing where it cannot be read.
FolderEntries readable_entries(const std::string& path);

/// Paths of the files in a folder whose names end so; nothing where it cannot be read.
std::vector<std::string> files_ending(const std::string& folder, std::string_view ending);

/// Whether one of the first eight files is of a form: a damaged one among them is named later, and there may be
/// thousands.
template <typename Is>
bool begin_with_form(const std::vector<std::string>& files, const Is& is) {
  constexpr std::ptrdiff_t kLookedAt = 8;
  return std::ranges::any_of(files | std::views::take(kLookedAt), is);
}

/// Whether a file among them is of a medium, by its name.
bool holds_examples(const FolderEntries& entries);

/// Adds every file of the medium of `files` (by its name's extension) at any depth below root/folder to them, in byte
/// order. Throws Error{data} where a symbolic link leads back to a folder above itself.
void add_files(const std::string& root, const std::string& folder, std::int64_t label, FileList& files,
               IgnoredEntries& ignored);

/// FOLDER/NAME; the name alone where the folder is the root, "".
std::string inside_folder(const std::string& folder, std::string_view name);

/// A folder's path without the slashes at its end.
std::string without_slash(std::string path);

}  // namespace enxerto
