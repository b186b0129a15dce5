#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/data/box_target.h"
#include "enxerto/data/dataset.h"
#include "enxerto/data/file_list.h"

namespace enxerto {

/// Pictures and the boxes in them, as a reader of a format collects them.
class BoxedPictures {
 public:
  enum class Unit : std::uint8_t {
    pixels,
    shares,  ///< of the picture's width and height: areas are unknown until it is opened
  };

  explicit BoxedPictures(std::string root, Unit unit = Unit::pixels) : files(std::move(root)), unit_(unit) {}

  /// What a file of boxes says of the size of a picture, px; 0: nothing.
  struct StatedSize {
    double width = 0, height = 0;
  };

  /// The boxes of the file that was added to `files` last.
  void add(const std::vector<LabelledBox>& boxes, StatedSize stated);
  void add(const std::vector<LabelledBox>& boxes) { add(boxes, StatedSize()); }

  std::size_t boxes() const { return boxes_.size(); }

  FileList files;

 private:
  friend DatasetPtr boxed_dataset(BoxedPictures pictures, std::vector<std::string> classes);
  friend class BoxedDataset;
  Unit unit_;
  std::vector<LabelledBox> boxes_;
  std::vector<std::size_t> ends_;   // of the boxes of each file
  std::vector<StatedSize> stated_;  // of each file
};

/// As a Dataset of the target kind `boxes`. Where boxes are shares, or a size is stated, `target` reads the head of the
/// picture, once; those of one that cannot be read stay as they are. `target` throws Error{data} where the picture,
/// upright, has not the size that is stated: its boxes are of another picture, or of this one lying down.
DatasetPtr boxed_dataset(BoxedPictures pictures, std::vector<std::string> classes);

}  // namespace enxerto
