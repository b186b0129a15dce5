#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/files/json.h"
#include "enxerto/model/model.h"
#include "enxerto/tasks/task.h"

namespace enxerto::cli {

/// What other files call classes and examples by.
struct ForeignIds {
  std::vector<std::int64_t> classes = {};             ///< by the number of the class; empty: counted from 1
  std::map<std::string, std::int64_t> examples = {};  ///< by the example's id; empty: by its name
};

/// A way of writing predictions as they are made, one example after another.
struct PredictionFormat {
  std::string_view name;          ///< as `--format` has it
  std::string_view head = "";     ///< what comes first; "" for nothing
  std::string_view tail = "";     ///< what comes last
  std::string_view between = "";  ///< between the lines of two examples, where both have some
  /// The lines of one example, each with its end; an example that could not be read has none in "text".
  std::string (*lines)(const PredictedExample& example, const Task& task, const ForeignIds& ids);
  bool places = false;   ///< of predictions that say where things are only
  bool answers = false;  ///< of answers to questions only
  bool has_ids = false;  ///< it names classes and examples by numbers: `ForeignIds` are of use
};

/// "text": file, then each label with its probability or value, where it stands in the text or its box (left, top,
/// width and height, px), separated by tabs, with \\, \t, \n and \r for a backslash, tab, line feed and carriage return
/// in a name. "csv": a row for each prediction (RFC 4180). "jsonl": the object of `prediction_json` on a line. "squad":
/// one object {name: label}, as SQuAD's evaluation scripts read predictions; an example that could not be read has "".
/// "coco": COCO's list of results, an object for each box, with ids as `ForeignIds` have them; without, the image's id
/// is the number that its file is called by, else its name, and the category's id is the number of the class from 1 on.
std::span<const PredictionFormat> prediction_formats();

/// {"file": .., } and what the task says, or "error". A name that is no UTF-8 is in "file_bytes" too, percent-encoded
/// (RFC 3986), for "file" shows it with \xNN.
Json prediction_json(const PredictedExample& example, const Task& task);

}  // namespace enxerto::cli
