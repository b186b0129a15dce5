#include "enxerto/data/mask_folders.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/colour_table.h"
#include "enxerto/data/file_list.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/mask_names.h"
#include "enxerto/data/masked_pictures.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/text_lines.h"
#include "enxerto/data/walk.h"
#include "enxerto/data/yaml_entries.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"
#include "enxerto/files/require_utf8.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostNames = 1 << 22, kMissingNamed = 4, kParts = 3, kMostListBytes = 1 << 26,
                      kMostMaskFile = std::size_t{1} << 30;
constexpr std::string_view kPictureFolder = "images", kMaskFolder = "masks";
constexpr std::array<std::string_view, 6> kNameFiles{"classes.txt",  "classes.csv",      "labels.txt",
                                                     "labelmap.txt", "label_colors.txt", "class_dict.csv"};

/// What the two folders of a data set are called.
struct FolderNames {
  std::string_view pictures, masks;
  bool complete = true;  ///< every picture has a mask
};
constexpr std::array<FolderNames, 3> kFolderNames{{{kPictureFolder, kMaskFolder},
                                                   {"JPEGImages", "SegmentationClass", false},
                                                   {kPictureFolder, "SegmentationClass", false}}};

/// A folder of pictures and that of their masks.
struct FolderPair {
  std::string pictures, masks;
  std::set<std::string> listed = {};  ///< paths without their endings; empty: all
};

/// Of the parts train, validation and test; all of it in the first where there are none.
struct MaskParts {
  std::array<std::vector<FolderPair>, kParts> folders = {};
  bool whole = false;
  bool complete = true;  ///< every picture has a mask
};

/// As the folder has them; nullptr where it has not both.
const FolderNames* names_of_folders(const fs::path& folder) {
  const auto* const found = std::ranges::find_if(kFolderNames, [&](const FolderNames& names) {
    return fs::is_directory(folder / names.pictures) && fs::is_directory(folder / names.masks);
  });
  return found == kFolderNames.end() ? nullptr : found;
}

FolderPair pair_in(const std::string& folder, const FolderNames& names, const std::string& inside) {
  return {fmt::format("{}/{}{}", folder, names.pictures, inside), fmt::format("{}/{}{}", folder, names.masks, inside)};
}

/// The names that PASCAL VOC's lists of a part have.
std::set<std::string> listed_names(const std::string& root, std::string_view part) {
  const std::string path = fmt::format("{}/ImageSets/Segmentation/{}.txt", root, part);
  if (!is_file(path)) return {};
  const std::vector<std::string> lines = text_lines_of(read_text(path, kMostListBytes));
  return {lines.begin(), lines.end()};
}

/// The parts that lists name of the pictures of one folder.
MaskParts listed_parts(const std::string& path, const FolderPair& pair) {
  MaskParts parts;
  for (const auto& [name, part] : {std::pair{"train", Part::train}, {"val", Part::validation}, {"test", Part::test}}) {
    FolderPair listed = pair;
    listed.listed = listed_names(path, name);
    if (!listed.listed.empty()) parts.folders.at(static_cast<std::size_t>(part)).push_back(std::move(listed));
  }
  if (parts.folders[0].empty()) parts = {.folders = {{{pair}}}, .whole = true};
  return parts;
}

MaskParts mask_parts(const std::string& path) {
  MaskParts parts;
  const FolderNames* const both = names_of_folders(path);
  const std::string above = both != nullptr ? fmt::format("{}/{}", path, both->pictures) : path;
  bool complete = both == nullptr || both->complete;
  for (const std::string& name : readable_entries(above).folders) {
    const auto part = part_named(name);
    const FolderNames* const names = both != nullptr ? both : names_of_folders(fs::path(path) / name);
    if (!part || names == nullptr) continue;
    parts.folders.at(static_cast<std::size_t>(*part))
        .push_back(both != nullptr ? pair_in(path, *names, "/" + name) : pair_in(path + "/" + name, *names, ""));
    complete = complete && names->complete;
  }
  if (both != nullptr && parts.folders[0].empty()) parts = listed_parts(path, pair_in(path, *both, ""));
  parts.complete = complete;
  return parts;
}

/// Paths of the pictures of a folder below it.
std::vector<std::string> pictures_below(const std::string& folder, IgnoredEntries& ignored) {
  FileList list(folder);
  add_files(folder, "", -1, list, ignored);
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < list.size(); ++i) paths.push_back(list.id(i));
  return paths;
}

std::string without_ending(const std::string& path) { return fs::path(path).replace_extension("").string(); }

/// What is found of one part.
class PairedFolders {
 public:
  /// `complete`: each picture must have a mask; else those without one are left out.
  PairedFolders(std::string root, bool complete, const DataWatch& watch)
      : root_(std::move(root)), complete_(complete), progress_(watch.progress), faults_(watch.faults) {}

  std::vector<MaskedPicture> part(const std::vector<FolderPair>& folders) {
    std::vector<MaskedPicture> pairs;
    for (const FolderPair& pair : folders) add(pair, pairs);
    return pairs;
  }

  /// Tells of what has no partner.
  void end() {
    if (!complete_)
      for (const std::string& path : std::exchange(missing_, {}))
        ignored_.add({.kind = "picture without a mask", .kinds = "pictures without a mask"}, path);
    ignored_.report(progress_);
    if (missing_.empty()) return;
    if (faults_.keeps()) {
      for (const std::string& path : missing_) faults_.add(without_mask(path, "the picture has no mask"));
      return;
    }
    std::vector<std::string> first(
        missing_.begin(), missing_.begin() + static_cast<std::ptrdiff_t>(std::min(missing_.size(), kMissingNamed)));
    throw without_mask(missing_.front(),
                       missing_.size() == 1
                           ? "the picture has no mask"
                           : fmt::format("{} have no mask: {}{}", counted(missing_.size(), "picture"),
                                         fmt::join(first, ", "), missing_.size() > first.size() ? " .." : ""));
  }

 private:
  Error without_mask(const std::string& path, std::string found) const {
    return data_error(path, std::move(found), fmt::format("a mask of that name, {}", expected_),
                      "add the masks, or take the pictures out of the folder");
  }

  using Masks = std::map<std::string, std::string>;  // paths by what stands before their ending

  Masks masks_in(const std::string& folder) {
    Masks masks;
    for (const std::string& path : pictures_below(folder, ignored_)) {
      const auto [known, is_new] = masks.emplace(without_ending(path), path);
      if (!is_new)
        faults_.add(
            data_error(folder, fmt::format("two masks of one picture: {} and {}", known->second, path), "one of them"));
    }
    return masks;
  }

  void add(const FolderPair& pair, std::vector<MaskedPicture>& pairs) {
    for (const std::string& folder : {pair.pictures, pair.masks})
      if (!fs::is_directory(folder))
        throw data_error(printable(folder), "no such folder", "a folder", "check the path");
    Masks masks = masks_in(pair.masks);
    for (const std::string& path : pictures_below(pair.pictures, ignored_)) {
      const std::string stem = without_ending(path);
      if (!pair.listed.empty() && !pair.listed.contains(stem)) continue;
      auto found = masks.find(stem);
      if (found == masks.end()) found = masks.find(stem + "_mask");
      if (found == masks.end()) {
        if (missing_.empty()) expected_ = fmt::format("{}/{}.png", pair.masks, stem);
        missing_.push_back(pair.pictures + "/" + path);
        continue;
      }
      pairs.push_back(
          {.picture = path_below(root_, fs::path(pair.pictures) / path), .mask = pair.masks + "/" + found->second});
      masks.erase(found);
    }
    if (!pair.listed.empty()) return;  // the others are of other parts
    for (const auto& [stem, path] : masks)
      ignored_.add({.kind = "mask without a picture", .kinds = "masks without a picture"}, path);
  }

  std::string root_;
  bool complete_;
  Progress& progress_;
  DataFaults& faults_;
  IgnoredEntries ignored_;
  std::vector<std::string> missing_;
  std::string expected_;  // where the mask of the first of them would be
};

void read_by_colours(std::vector<std::vector<MaskedPicture>>& parts,
                     const std::shared_ptr<const ColourTable>& colours) {
  for (auto& part : parts)
    for (MaskedPicture& one : part)
      one.made = [path = one.mask, colours](const Example&) {
        return decode_coloured_mask(read_file(path, kMostMaskFile, ErrorKind::data).bytes(), path, *colours);
      };
}

DataParts open_parts(const std::string& root, const MaskParts& folders, const MaskNames& names,
                     const DataWatch& watch) {
  PairedFolders reader(root, folders.complete, watch);
  std::vector<std::vector<MaskedPicture>> pairs;
  for (const auto& part : folders.folders) pairs.push_back(reader.part(part));
  reader.end();
  if (names.colours) read_by_colours(pairs, names.colours);
  if (pairs[0].empty()) throw data_error(root, "no pictures", "pictures and their masks", "check the path");
  std::vector<DatasetPtr> sets = masked_datasets(root, pairs, names, watch);
  if (sets[0] == nullptr)
    throw data_error(root, "no picture to learn from: all masks are ignored", "pixels of classes");
  DataParts parts{.format = "masks"};
  (folders.whole ? parts.all : parts.train) = std::move(sets[0]);
  parts.validation = std::move(sets[1]);
  parts.test = std::move(sets[2]);
  if (parts.validation == nullptr && parts.test == nullptr && parts.all == nullptr) std::swap(parts.all, parts.train);
  return parts;
}

MaskNames names_in(const std::vector<std::string>& folders) {
  for (const std::string& folder : folders)
    for (const std::string_view name : kNameFiles)
      if (const std::string file = fmt::format("{}/{}", folder, name); is_file(file)) {
        const std::string text = read_text(file, kMostNames);
        require_utf8(text, file);
        std::optional<MaskNames> colours = parse_colour_table(text, file);
        return colours ? *std::move(colours) : parse_mask_names(text, file);
      }
  return {};
}

/// The value and what is behind the colon of an item of a table.
std::pair<std::string, std::string> key_and_value(const std::string& item) {
  const std::size_t colon = find_outside_quotes(item, ":");
  if (colon == std::string::npos) return {unquoted(item), ""};
  return {unquoted(item.substr(0, colon)), unquoted(item.substr(colon + 1))};
}

MaskNames names_of_config(const YamlEntries& entries, const std::string& path) {
  MaskNames names{.where = path};
  const YamlEntry* classes = entries.find("classes");
  for (const std::string& item : classes->items) {
    auto [value, name] = key_and_value(item);
    add_mask_name(names, value, std::move(name), fmt::format("{}:{}", path, classes->line));
  }
  if (names.empty()) entries.fail(classes->line, "no classes", "a line for each: its value and its name");
  if (const YamlEntry* ignored = entries.find("ignore_classes")) {
    for (const std::string& value : ignored->items) {
      MaskNames one;
      add_mask_name(one, unquoted(value), "ignore", fmt::format("{}:{}", path, ignored->line));
      names.of_value.insert_or_assign(one.of_value.begin()->first, "ignore");
    }
  }
  return names;
}

}  // namespace

bool is_mask_folder(const std::string& path) {
  return !mask_parts(path).folders[0].empty() || !yaml_in(path, is_mask_config).empty();
}

DataParts open_mask_folder(const std::string& path, const DataWatch& watch) {
  if (const std::string config = yaml_in(path, is_mask_config); !config.empty()) return open_mask_config(config, watch);
  const MaskParts parts = mask_parts(path);
  std::vector<std::string> folders{path};
  for (const FolderNames& names : kFolderNames) folders.push_back(fmt::format("{}/{}", path, names.masks));
  for (const auto& part : parts.folders)
    for (const FolderPair& pair : part) folders.push_back(pair.masks);
  return open_parts(path, parts, names_in(folders), watch);
}

bool is_mask_config(const std::string& path) {
  const std::string text = yaml_text(path);
  return has_yaml_key(text, "classes") && has_yaml_key(text, "train") && text.find("masks:") != std::string::npos;
}

DataParts open_mask_config(const std::string& path, const DataWatch& watch) {
  const YamlEntries entries(read_text(path, kMostYamlBytes), path);
  fs::path root = fs::path(path).parent_path();
  if (root.empty()) root = ".";
  if (const YamlEntry* base = entries.find("path")) root /= unquoted(base->value);
  MaskParts parts{.complete = false};
  constexpr std::array<std::string_view, kParts> kKeys{"train", "val", "test"};
  for (std::size_t i = 0; i < kParts; ++i) {
    const YamlEntry* part = entries.find(std::string(kKeys[i]));
    if (part == nullptr) continue;
    FolderPair pair;
    for (const std::string& item : part->items) {
      const auto [key, value] = key_and_value(item);
      if (key != kPictureFolder && key != kMaskFolder) continue;
      (key == kMaskFolder ? pair.masks : pair.pictures) = (root / value).lexically_normal().string();
    }
    if (pair.pictures.empty() || pair.masks.empty())
      entries.fail(part->line, fmt::format("'{}' without two folders", kKeys[i]), "images: FOLDER and masks: FOLDER");
    parts.folders[i].push_back(std::move(pair));
  }
  return open_parts(root.lexically_normal().string(), parts, names_of_config(entries, path), watch);
}

}  // namespace enxerto
