#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// What a data.yaml says (docs.ultralytics.com/datasets/detect): where the pictures of each part are, and the classes.
struct YoloConfig {
  std::string path = {};  ///< what the others are relative to; "": the file's own folder
  std::vector<std::string> train = {}, validation = {}, test = {};  ///< folders, or lists of pictures (.txt)
  std::vector<std::string> names = {};                              ///< of the classes, by number
};

/// Reads the part of YAML that such files are written in: keys at the margin with a text, a list in brackets or in
/// lines with dashes, a table in braces or indented; other keys are not looked at. Throws Error{data} naming the line:
/// no names, names whose numbers leave a gap, "nc" that is another number, an unfinished list.
YoloConfig parse_yolo_config(std::string_view text, std::string_view where);

}  // namespace enxerto
