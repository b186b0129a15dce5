#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/listed_files.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Recordings and what is said in them, or pictures of lines and what is written there, as they are collected by
/// readers of such data.
class Transcribed {
 public:
  /// Files are named relative to `root`; what is found or left out is said of `shown`.
  Transcribed(std::string root, std::string shown) : files_(root), root_(std::move(root)), shown_(std::move(shown)) {}

  /// A file as it is written in a list, and what is said in it, in UTF-8, of the speaker `group` ("": unknown). Blanks
  /// at the ends do not count, and others are one space. A file without a word is left out, and one that is not there
  /// cannot be read.
  void add(std::string_view file, std::string_view text, const std::string& group, std::string_view where);

  std::size_t size() const { return texts_.size(); }

  /// Says which were left out. Throws Error{data} where there is none, and for files of several media.
  DatasetPtr finish(const DataWatch& watch) &&;

 private:
  ListedFiles files_;
  std::string root_, shown_;
  std::vector<std::string> names_, texts_, groups_, blank_;
};

}  // namespace enxerto
