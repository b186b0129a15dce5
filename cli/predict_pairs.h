#pragma once
#include <optional>
#include <string>
#include <vector>

#include "enxerto/model/model.h"
#include "session.h"

namespace enxerto::cli {

/// What was asked of a model that says whether two examples are of one identity.
struct PairOptions {
  std::vector<std::string> files;  ///< two, or a list of pairs
  std::string images = {};         ///< folder that the files of a list are below; "": the list's own
  std::string format = "text";
  bool skips_bad = false;
  std::optional<double> threshold = {};
};

/// A line for each pair: its files, "same" or "different", and the cosine of their vectors, separated by tabs. Throws
/// Error{usage} for other than two files or one list, Error{data} as the list's reader does.
int predict_pairs(const Session& session, const Model& model, const PairOptions& options);

}  // namespace enxerto::cli
