#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/graph/builder.h"
#include "enxerto/heads/box_matching.h"
#include "enxerto/heads/head.h"

namespace enxerto {

/// Numbers that a box is coded in.
inline constexpr std::int64_t kCodeWidth = 4;

/// Throws Error{usage} unless `features` are maps of a fixed size, of an input of a fixed size, and there is a class.
void require_box_maps(const HeadFeatures& features, std::int64_t classes = 1);

/// Rows and columns of the maps, and of those that are grown behind the last, each half of the one before it, rounded
/// up, to a single place or `most` in all.
std::vector<std::array<std::int64_t, 2>> grids_of(const HeadFeatures& features, std::size_t most);

/// (batch, each * width, rows, columns) -> (batch, rows * columns * each, width); nodes are called NAME.apart ...
std::string box_rows(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t each);

/// Columns `begin` to `end` of (batch, boxes, width).
std::string box_columns(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t begin,
                        std::int64_t end);

/// The default boxes that codes are of, in an input of that size, px.
struct CodedBoxes {
  const Tensor& boxes;
  CodeWeights weights;
  std::int64_t height = 0, width = 0;
};

/// Corners from codes, (batch, boxes, 4), cut at the border of the input; nodes are called "head.corners" ...
std::string decoded_boxes(GraphBuilder& net, const std::string& code, const CodedBoxes& of);

}  // namespace enxerto
