#include "enxerto/data/listed_files.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "enxerto/base/lower_case.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/data/name_form.h"
#include "enxerto/data/walk.h"
#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

constexpr std::size_t kDeepestSearched = 3, kMostFoldersSearched = 300;
constexpr std::size_t kDeepestBelow = 5, kMostBelow = 5000;
constexpr std::string_view kAddress = "file://";

/// What names that differ in case or in the form of their accents have in common.
std::string key_of(std::string_view name) { return lower_case(canonical_form(name)); }

}  // namespace

std::string ListedFiles::path_of(const std::string& name) const {
  if (root_.empty() || name.starts_with('/')) return name;
  return name.empty() ? root_ : root_ + "/" + name;
}

const ListedFiles::Index& ListedFiles::index_of(const std::string& folder) {
  const auto [found, is_new] = folders_.try_emplace(folder);
  if (!is_new) return found->second;
  for (const std::string& name : readable_entries(path_of(folder)).files) {
    found->second.emplace(key_of(name), name);
    if (medium_of_file(name)) found->second.emplace(key_of(name.substr(0, name.rfind('.'))), name);
  }
  return found->second;
}

const std::string& ListedFiles::folder_called(const std::string& written) {
  const auto [found, is_new] = called_.try_emplace(written, written);
  std::error_code none;
  if (!is_new || written.empty() || std::filesystem::is_directory(path_of(written), none)) return found->second;
  const std::size_t slash = written.rfind('/');
  if (slash == 0) return found->second;
  const std::string above = slash == std::string::npos ? "" : folder_called(written.substr(0, slash));
  const std::string key = key_of(written.substr(slash == std::string::npos ? 0 : slash + 1));
  std::vector<std::string> alike;
  for (const std::string& name : readable_entries(path_of(above)).folders)
    if (key_of(name) == key) alike.push_back(name);
  if (alike.size() == 1) found->second = inside_folder(above, alike.front());
  return found->second;
}

bool ListedFiles::is_from_root(std::string_view name) {
  return name.starts_with('/') || (name.size() > 2 && name[1] == ':' && (name[2] == '\\' || name[2] == '/'));
}

std::optional<std::string> ListedFiles::alike(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "" : folder_called(name.substr(0, std::max<std::size_t>(slash, 1)));
  const auto [first, last] =
      index_of(folder).equal_range(key_of(name.substr(slash == std::string::npos ? 0 : slash + 1)));
  if (first == last) return std::nullopt;
  if (std::next(first) != last) {
    ambiguous_ = ambiguous_.empty() ? name : ambiguous_;
    return std::nullopt;
  }
  return folder.empty() ? first->second : folder.ends_with('/') ? folder + first->second : folder + "/" + first->second;
}

std::optional<std::string> ListedFiles::of_another_machine(const std::string& name) {
  for (std::size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
    const std::string end = name.substr(slash + 1);
    if (end.empty() || !is_file(path_of(end))) continue;
    const auto [first, is_new] = of_others_.emplace(end, name);
    if (!is_new && first->second != name && collision_.empty()) collision_ = first->second + " and " + name;
    return end;
  }
  return std::nullopt;
}

/// None where the root has files of a medium itself: what it lacks is not looked for elsewhere.
const std::vector<std::string>& ListedFiles::folders_below() {
  if (below_) return *below_;
  below_.emplace();
  const std::vector<std::string> here = readable_entries(path_of("")).files;
  if (std::ranges::any_of(here, [](const std::string& file) { return medium_of_file(file).has_value(); }))
    return *below_;
  std::deque<std::pair<std::string, std::size_t>> waiting{{"", 0}};
  std::set<std::filesystem::path> seen;  // of a folder and a link to it one is enough
  while (!waiting.empty()) {
    const auto [folder, depth] = std::move(waiting.front());
    waiting.pop_front();
    std::error_code failed;
    if (!seen.insert(std::filesystem::canonical(path_of(folder), failed)).second) continue;
    if (!folder.empty()) below_->push_back(folder);
    const std::vector<std::string> inside = readable_entries(path_of(folder)).folders;
    // Where not all are looked at, nobody knows whether one file fits.
    if ((depth == kDeepestBelow && !inside.empty()) || below_->size() > kMostBelow) return below_.emplace();
    for (const std::string& name : inside) waiting.emplace_back(inside_folder(folder, name), depth + 1);
  }
  return *below_;
}

std::optional<std::string> ListedFiles::below(const std::string& name) {
  std::optional<std::string> found;
  for (const std::string& folder : folders_below()) {
    const Index& index = index_of(folder);
    const auto [first, last] = index.equal_range(key_of(name));
    if (first == last) continue;
    if (found || std::next(first) != last) {
      ambiguous_ = ambiguous_.empty() ? name : ambiguous_;
      return std::nullopt;
    }
    found = inside_folder(folder, first->second);
  }
  return found;
}

std::optional<std::string> ListedFiles::find(std::string_view written) {
  if (is_file(path_of(std::string(written)))) return std::string(written);
  std::string name(trimmed(written));
  if (name.starts_with(kAddress)) name.erase(0, kAddress.size());
  const bool from_root = is_from_root(name);
  std::ranges::replace(name, '\\', '/');
  if (name.empty()) return std::nullopt;
  if (is_file(path_of(name))) return name;
  if (auto found = alike(name)) return found;
  if (from_root) return of_another_machine(name);
  return name.find('/') == std::string::npos && name != ambiguous_ ? below(name) : std::nullopt;
}

std::optional<std::string> ListedFiles::near(std::string_view written) {
  std::string name(trimmed(written));
  std::ranges::replace(name, '\\', '/');
  const std::size_t slash = name.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : folder_called(name.substr(0, slash));
  const auto stem_of = [](const std::string& file) {
    std::string stem = medium_of_file(file) ? file.substr(0, file.rfind('.')) : file;
    const bool number = !stem.empty() && stem.find_first_not_of("0123456789") == std::string::npos;
    if (number) stem.erase(0, std::min(stem.find_first_not_of('0'), stem.size() - 1));
    return key_of(stem);
  };
  const std::string stem = stem_of(slash == std::string::npos ? name : name.substr(slash + 1));
  for (const std::string& file : readable_entries(path_of(folder)).files)
    if (medium_of_file(file) && stem_of(file) == stem) return inside_folder(folder, file);
  return std::nullopt;
}

std::optional<std::string> ListedFiles::folder_with(std::string_view name) {
  std::deque<std::pair<std::string, std::size_t>> waiting{{"", 0}};
  for (std::size_t seen = 0; !waiting.empty() && seen < kMostFoldersSearched; ++seen) {
    const auto [folder, depth] = std::move(waiting.front());
    waiting.pop_front();
    if (!folder.empty() && find(folder + "/" + std::string(trimmed(name)))) return path_of(folder);
    if (depth == kDeepestSearched) continue;
    for (const std::string& inside : readable_entries(path_of(folder)).folders)
      waiting.emplace_back(inside_folder(folder, inside), depth + 1);
  }
  return std::nullopt;
}

}  // namespace enxerto
