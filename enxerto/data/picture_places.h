#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/listed_files.h"

namespace enxerto {

/// Finds pictures that an export of a tool for labelling names by an address, or by a path of another machine.
class PicturePlaces {
 public:
  /// They lie below `root`.
  explicit PicturePlaces(std::string root) : listed_(std::move(root)) {}

  /// The path below the root: an end of what is written, the longest first, there or in images/, else wherever the
  /// first one is found, some folders deep. An address's "%20" and what it asks for ("?d=photos/a.jpg") are looked at;
  /// of an uploaded file ("1a2b3c4d-a.jpg") the name before it was uploaded too.
  std::optional<std::string> find(const std::string& written);

  /// Folders that were looked into, below the root.
  const std::vector<std::string>& folders() const { return folders_; }

 private:
  std::optional<std::string> find_end(const std::string& path);

  ListedFiles listed_;
  std::vector<std::string> folders_{"", "images/"};
};

/// The path in an address, without its host: "https://host/data/a%20b.jpg" gives "data/a b.jpg", and
/// "/data/local-files/?d=photos/a.jpg" "photos/a.jpg".
std::string path_in_address(std::string_view address);

}  // namespace enxerto
