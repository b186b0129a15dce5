#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// A network that reads lines, whatever stands behind a line in its batch.
struct CountedColumns {
  Graph graph;
  std::int64_t reach = 0;  ///< columns of its last `step` that a line must have for another frame
};

/// The same network of one input (batch, 3, height, "columns"), which answers once in `step` columns, from the inputs
/// of `TextLinePreprocess`: "rows" (batch, frames, 3, height, step), "attention_mask" (batch, frames) and
/// "column_count" (batch, 1). Of a batch each line gets what it gets alone: what is behind its columns is 0 for every
/// window that is padded (as it is at the picture's edge), is not averaged, and gets no attention. Throws
/// Error{weights} naming `where` for an operation that mixes columns in another way, and for other frames than that.
CountedColumns with_counted_columns(Graph graph, std::int64_t step, const std::string& where);

}  // namespace enxerto
