#pragma once
#include <string>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Whether a table has columns of corners or extents beside one of pictures and one of classes (see `open_box_table`).
bool is_box_table(const std::string& path);

/// Whether a table of boxes is to be read as one: nothing is asked of its columns. Throws Error{usage} for a column of
/// groups.
bool asks_for_boxes(const TableOptions& options);

/// Opens objects in pictures as tables have them: a row for each object, the rows of one picture anywhere. Columns are
/// found by their names, compared without case and punctuation: the picture (`column_names`), its class, and where the
/// object is: xmin, ymin, xmax, ymax (TensorFlow's and Roboflow's files, Open Images), x1, y1, x2, y2, or left, top,
/// right, bottom; or left, top (x, y) and width, height. Numbers are pixels; all of at most 1: fractions of the
/// picture's sides (Open Images), with a notice. Beside corners, width and height are the picture's. A row without
/// numbers and class is a picture without objects. A column of parts (split ..) divides the pictures. Pictures lie
/// below `images`, or below the table's folder. Throws Error{data} naming file:line and what is wrong with a box, a
/// picture of two parts, a picture that is not there.
DataParts open_box_table(const std::string& path, const std::string& images, const DataWatch& watch);

}  // namespace enxerto
