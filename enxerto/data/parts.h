#pragma once
#include <optional>
#include <string>
#include <vector>

#include "enxerto/data/dataset.h"

namespace enxerto {

/// How a table is read.
struct TableOptions {
  std::string kind = "auto";                          ///< auto | a row of `target_kinds()`
  std::vector<std::string> targets = {};              ///< columns to learn; none: chosen by their names and contents
  std::vector<std::string> texts = {}, learned = {};  ///< columns of texts: asked for; else, all there; else chosen
  std::string images = "", label = "", group = "";    ///< folder of the files; pattern of classes in paths; a column
  std::optional<std::int64_t> fold = {};              ///< that is tested on (data/csv_folds.h); else a usual one
  std::string documents = "files";  ///< of plain texts: files | lines, beyond which nothing is foretold
  bool measured = false;            ///< nothing is learned: a part may have classes of which the training part has none
  bool operator==(const TableOptions&) const = default;
};

/// What a path holds: one set, or parts that the publisher has split, all with the same `info()`.
struct DataParts {
  std::string format = {}, group = {};  ///< "class folders", "IDX", "table of values", ..; the column of its groups
  DatasetPtr all = {}, train = {}, validation = {}, test = {};  ///< `all`: without parts; the last two may be null
  std::vector<std::string> texts = {};                          ///< columns of the table that the examples are texts of
  bool has_parts() const { return train != nullptr; }
};

}  // namespace enxerto
