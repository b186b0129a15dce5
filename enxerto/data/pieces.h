#pragma once
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// The examples of a data set, each cut into what a network reads at once.
struct Pieces {
  /// A piece an example, "FILE#3", in order, of the kind of target `kTextTarget`: float32 (3), bytes that can be
  /// foretold, how surprising they are by the frequencies of all tokens of the data set (unigrams, nats), and how many
  /// tokens they are. A split divides no example of `kFewestExamples` or more; of fewer it holds out the last pieces.
  DatasetPtr dataset;
  std::vector<std::size_t> first;  ///< of each example of the whole data set its first piece, and the number of all
};

/// So many examples are enough to hold out whole ones.
inline constexpr std::size_t kFewestExamples = 10;

/// Reads all examples once. Throws Error{data} naming one that cannot be read, Error{interrupted}.
Pieces in_pieces(const DatasetPtr& whole, const Preprocessor& preprocessor, Progress& progress = no_progress());

/// A piece that nothing here comes before.
inline constexpr std::size_t kNothingBefore = std::numeric_limits<std::size_t>::max();

/// Of each of these examples the one, by its place among `positions`, that it goes on from; `kNothingBefore` where it
/// is no piece, the first one, or the one before it is not among them.
std::vector<std::size_t> pieces_before(const Dataset& dataset, std::span<const std::size_t> positions);

}  // namespace enxerto
