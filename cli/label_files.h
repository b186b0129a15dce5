#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/media/image/picture_size.h"
#include "enxerto/model/model.h"
#include "example_files.h"
#include "prediction_formats.h"

namespace enxerto::cli {

/// Boxes of one picture, as tools for labelling read them.
struct LabelledPicture {
  std::string path;  ///< below the folder that all of the pictures are in
  std::string from;  ///< the same from the folder that the labels are in
  PictureSize size = {};
  std::vector<Prediction> boxes = {};
  std::int64_t id = 0;  ///< a number that it is called by
};

/// A class by its name, and the number that it is called by.
struct LabelledClass {
  std::int64_t id = 0;
  std::string name;
};

/// A form of files of boxes: one a picture, or one for all of them.
struct LabelForm {
  std::string_view name;         ///< as `--labels-form` has it
  std::string_view ending = "";  ///< ".txt", of the files of pictures
  std::string (*text)(const LabelledPicture& picture) = nullptr;
  std::string_view names = "";  ///< a file of the classes' names, a line each, beside them; "": none
  std::string_view whole = "";  ///< what the file for all of them is called; "": there is none
  std::string (*text_of_all)(const std::vector<LabelledPicture>& pictures,
                             const std::vector<LabelledClass>& classes) = nullptr;
  bool has_ids = false;  ///< it names classes and pictures by numbers: `ForeignIds` are of use
};

/// "yolo": the number of the class, centre, width and height as shares of the picture's, and classes.txt beside. "voc":
/// PASCAL VOC's XML, whole pixels counted from 1. "coco": annotations.json with images, annotations (with their scores)
/// and categories, whose ids are those of `ForeignIds` or count from 1. "labelme": its JSON, with rectangles.
std::span<const LabelForm> label_forms();

/// What was found as files of boxes in a folder, to be looked at, corrected and learned from.
class LabelFiles {
 public:
  struct Options {
    std::filesystem::path folder;
    const LabelForm& form;
    std::vector<std::string> names;  ///< of the classes
    ForeignIds ids = {};
  };

  /// Throws as `ExampleFiles`. `dataset` must outlive this.
  LabelFiles(Options options, const Dataset& dataset);

  /// Throws Error{disk}, and Error{data} for a picture that cannot be read.
  void write(const PredictedExample& example);

  /// Writes what is one file for all. Throws Error{disk}.
  void finish();

 private:
  ExampleFiles files_;
  Options options_;
  const Dataset& dataset_;
  std::filesystem::path common_;  ///< folder of all examples
  std::vector<LabelledPicture> kept_;
};

}  // namespace enxerto::cli
