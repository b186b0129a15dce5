#pragma once
#include <string>

#include "enxerto/data/class_layout.h"

namespace enxerto {

/// Throws Error{data}, saying how such data are given, where the folders of `layout` below `root` are no classes: those
/// of the files beside those of what was drawn or written on them ("images" and "labels", "img" and "gt"), or one of
/// them is a data set of boxes or masks itself.
void refuse_other_layout(const std::string& root, const ClassLayout& layout);

/// The same where boxes lie beside the pictures, as in a .txt of lines of a class and four shares each: no transcripts,
/// and no texts.
void refuse_boxes_beside(const std::string& root);

}  // namespace enxerto
