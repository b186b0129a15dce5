#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "enxerto/data/data_faults.h"
#include "enxerto/files/json.h"

namespace enxerto {

/// A picture as a file in COCO's form names it; 0: it does not say its size.
struct CocoImage {
  std::string name;
  double width = 0, height = 0;
};

/// One of its annotations, whose ids are right.
struct CocoAnnotation {
  const Json& json;
  std::string where;       ///< "boxes.json: annotation 3"
  std::size_t image = 0;   ///< place among the images
  std::int64_t label = 0;  ///< place among the classes
};

/// One annotation file.
class CocoFile {
 public:
  /// Throws Error{data}, as `coco_ids` and for a file without annotations; `faults` must outlive this.
  explicit CocoFile(std::string path, DataFaults& faults);

  const std::string& path() const { return path_; }
  const std::vector<CocoImage>& images() const { return images_; }      ///< in the order of the file
  const std::vector<std::string>& classes() const { return classes_; }  ///< in the order of their ids

  /// All whose ids there are and which are there once: the others are faults, as what `use` throws.
  void for_each_annotation(const std::function<void(const CocoAnnotation&)>& use) const;

  /// The folder that the pictures' names are relative to: `asked`, or where the file's place and its name suggest it.
  /// Throws Error{data} naming where was looked for the first of them.
  std::string pictures_folder(const std::string& asked) const;

  /// The place of each class among `all`. Throws Error{data} for one that is not there.
  std::vector<std::int64_t> numbers_among(const std::vector<std::string>& all) const;

 private:
  std::string path_;
  DataFaults& faults_;
  Json json_;
  std::vector<std::string> classes_;
  std::map<std::int64_t, std::int64_t> numbers_;  // of classes, by id
  std::map<std::int64_t, std::size_t> places_;    // of images, by id
  std::vector<CocoImage> images_;
};

}  // namespace enxerto
