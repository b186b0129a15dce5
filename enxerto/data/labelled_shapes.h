#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "enxerto/data/box_faults.h"
#include "enxerto/data/data_watch.h"
#include "enxerto/data/outline_runs.h"
#include "enxerto/data/outlined_pictures.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// What somebody has drawn around an object with a tool for labelling.
struct LabelledShape {
  std::string label = {};
  std::string where = {};           ///< "a.json: shape 3"
  std::vector<double> points = {};  ///< of a polygon: x and y of a point after the other, px
  OutlineRuns runs = {};            ///< of pixels, where there are no points
  bool rectangle = false;
};

/// A picture, and what was drawn in it.
struct ShapedPicture {
  std::string picture;      ///< its path below the data set's root (or from / on)
  std::string where;        ///< what messages call its shapes: "a.json"
  OutlineFrame frame = {};  ///< the size that is stated; 0: none is
  std::vector<LabelledShape> shapes = {};
};

/// Pictures with shapes, as a reader of a tool's files collects them: they can be boxes and masks. Classes are in the
/// order of their names.
class ShapedPictures {
 public:
  /// `format`: what users call it: "LabelMe".
  ShapedPictures(std::string root, std::string format, const DataWatch& watch)
      : root_(std::move(root)), format_(std::move(format)), watch_(watch) {}

  /// Without a part it is of the first of them. Throws Error{data} for a picture that is there already.
  void add(std::optional<Part> part, ShapedPicture picture);

  /// Throws Error{data} where there is no picture to learn from, or no shape.
  void require_shapes() const;

  /// Of the pictures' folders those that were not added: not yet labelled, which a notice says.
  void notice_unlabelled() const;

  /// A class for each pixel, that of the last shape that covers it; "background" where none does. Throws Error{data} as
  /// `outlined_datasets`.
  DataParts masks() const;

  /// Boxes around the shapes. Throws Error{data} naming the shapes that are none.
  DataParts boxes() const;

  /// Boxes where every shape is a rectangle, else masks.
  DataParts as_drawn() const;

 private:
  static constexpr std::size_t kPartCount = 3;

  bool only_rectangles() const;
  std::size_t number_of(const std::string& label) const;
  OutlinedPicture outlined(const ShapedPicture& one) const;
  std::vector<LabelledBox> boxes_in(const ShapedPicture& one, BoxFaults& faults) const;
  DataParts as_parts(std::vector<DatasetPtr> sets) const;

  std::string root_, format_;
  DataWatch watch_;
  std::array<std::vector<ShapedPicture>, kPartCount> pictures_ = {};
  std::set<std::string> names_ = {}, known_ = {};
};

/// left, top and right, bottom to the four corners of a polygon.
std::vector<double> corners_of_box(double left, double top, double right, double bottom);

/// An ellipse, turned clockwise.
struct DrawnEllipse {
  double x = 0, y = 0;          ///< of its centre, px
  double across = 0, down = 0;  ///< its radii, px
  double degrees = 0;
};

/// A polygon of what lies in the picture of it. Throws Error{data} naming `where` for one without an area, or that is
/// larger than any that could be drawn in the picture.
std::vector<double> polygon_of_ellipse(const DrawnEllipse& ellipse, const OutlineFrame& frame,
                                       const std::string& where);

/// Throws Error{data} for a label that is empty, or a polygon as `polygon_fault` says.
void require_shape(const LabelledShape& shape, const OutlineFrame& frame);

/// The size that a file states, px. Throws Error{data} naming `where` for sides that no picture has.
OutlineFrame frame_of_sides(double width, double height, const std::string& where);

}  // namespace enxerto
