#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/media/image/picture_size.h"
#include "enxerto/model/model.h"
#include "example_files.h"

namespace enxerto::cli {

/// Boxes of one picture, as tools for labelling read them.
struct LabelledPicture {
  std::string file;  ///< its name without folders
  PictureSize size;
  std::span<const Prediction> boxes;
};

/// A form of files of boxes, one a picture.
struct LabelForm {
  std::string_view name;    ///< as `--labels-form` has it
  std::string_view ending;  ///< ".txt"
  std::string (*text)(const LabelledPicture& picture);
  std::string_view names = "";  ///< a file of the classes' names, a line each, beside them; "": none
};

/// "yolo": the number of the class, centre, width and height as shares of the picture's, and classes.txt beside. "voc":
/// PASCAL VOC's XML, whole pixels counted from 1.
std::span<const LabelForm> label_forms();

/// What was found as files of boxes in a folder, to be looked at, corrected and learned from.
class LabelFiles {
 public:
  /// Throws as `ExampleFiles`. `dataset` and `form` must outlive this.
  LabelFiles(std::filesystem::path folder, const LabelForm& form, const Dataset& dataset,
             const std::vector<std::string>& names);

  /// Throws Error{disk}, and Error{data} for a picture that cannot be read.
  void write(const PredictedExample& example);

 private:
  ExampleFiles files_;
  const LabelForm& form_;
  const Dataset& dataset_;
};

}  // namespace enxerto::cli
