#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "enxerto/data/data_faults.h"
#include "enxerto/files/json.h"

namespace enxerto {

/// The numbers that a file in COCO's form calls its categories and its images by. They need not begin at 1, and there
/// may be gaps.
struct CocoIds {
  std::map<std::int64_t, std::string> categories;  ///< names by id
  std::map<std::int64_t, std::string> images;      ///< "file_name" by id

  /// The id of the category of each of `names`. Throws Error{data} that lists those that `path`, the file, has not.
  std::vector<std::int64_t> ids_of_categories(const std::vector<std::string>& names, const std::string& path) const;

  /// The id of each picture, by its path: of the image whose name is the longest end of it. Throws Error{data} for a
  /// picture that `path` has not, or that could be two of its images.
  std::vector<std::int64_t> ids_of_images(const std::vector<std::string>& files, const std::string& path) const;
};

/// The whole number under `key`, an id of COCO's. Throws Error{data} naming `where`.
std::int64_t coco_id(const Json& one, const char* key, const std::string& where);

/// Of the lists "categories" and "images". Throws Error{data} naming the file and the entry: no such list, an empty
/// one, no whole number, no name, an id or a name twice. Where `faults` keeps them, entries without an id or with one
/// that is there already are left out.
CocoIds coco_ids(const Json& json, const std::string& path, DataFaults& faults = refused_faults());

/// The same of a file, which needs no "annotations" (as COCO's lists of the pictures of its test parts).
CocoIds read_coco_ids(const std::string& path);

/// The most that is read of such a file, bytes.
inline constexpr std::size_t kMostCocoBytes = std::size_t{1} << 30;

}  // namespace enxerto
