#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "enxerto/base/hash.h"
#include "enxerto/base/progress.h"
#include "enxerto/base/rows.h"
#include "enxerto/base/stored_rows.h"
#include "enxerto/data/bad_example.h"
#include "enxerto/data/dataset.h"
#include "enxerto/engine/executor.h"
#include "enxerto/features/cache.h"
#include "enxerto/graph/graph.h"
#include "enxerto/media/image/augmentation.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// What a row depends on beside the example. Its hash is the feature space.
struct FeatureSource {
  /// Inputs named as the preprocessor names them, and any outputs; without nodes those of the preprocessor's inputs
  /// that are named as its outputs, or all of them.
  Graph prefix = {};
  PreprocessorPtr preprocessor = {};
  Precision precision = Precision::fp32;
  std::string description = {};    ///< for `cache status`
  Augmentation augmentation = {};  ///< of what `view` sees; mixup and cutmix are not looked at
  std::uint64_t augment_seed = 0;
  std::int64_t view = -1;      ///< below 0: the plain example; else its view of this number, augmented with
                               ///< RandomKey{augment_seed, epoch = view, example = `low` of the content hash}
  DType storage = DType::f32;  ///< that rows are kept in: f32, or half the bytes with f16 or bf16
};

/// Hash of prefix (nodes and parameters), preprocessing, engine version, precision and type of the rows. All views of
/// an example lie in one space.
Hash128 feature_space(const FeatureSource& source);

/// What a row is found by in its space: the content hash of the plain example, or a hash of content, augmentation, seed
/// and number of the view. One space for all views, because a space costs a folder, an index and a lock, is trimmed as
/// a whole, and the views of a run are used together.
Hash128 row_key(const Hash128& content, const FeatureSource& source);

/// What is kept of each example: the outputs of the prefix without the batch, or the inputs that the preprocessor gives
/// where there is no prefix. Throws Error{weights} for an input of the prefix that the preprocessor does not give, and
/// for an output that is not one of each example.
RowLayout feature_layout(const FeatureSource& source);

/// The bytes of all rows of `examples` examples in `views` views each (0: the plain ones alone). Where lengths vary
/// they are estimated by a few examples of `dataset`.
std::uint64_t feature_bytes(const FeatureSource& source, const Dataset& dataset, std::size_t examples,
                            std::size_t views);

class CompiledPrefixes;  // compiled_prefixes.h

struct ExtractOptions {
  int threads = 0;  ///< 0: `usable_cores()`
  int batch = 0;    ///< examples a call of the engine; 0: chosen from their size
  OnBad on_bad = OnBad::error;
  /// Null: nothing is kept (rows still lie in a temporary mapped file, not in memory).
  std::shared_ptr<FeatureCache> cache = {};
  std::shared_ptr<CompiledPrefixes> compiled = {};  ///< that earlier extractions have left; null: each compiles its own
};

struct Extracted {
  StoredRows stored;  ///< row i belongs to the example at positions[i]; valid as long as `storage` lives
  Rows rows;          ///< the same where they are kept as float32, else empty
  Shape row_shape;    ///< of one row, e.g. (1280) or (1280, 7, 7)
  std::vector<std::size_t> positions;  ///< in the data set, ascending; without the skipped ones
  std::vector<Hash128> contents;       ///< content hash of each row's example
  std::vector<BadExample> skipped;
  std::size_t computed = 0, cached = 0, repaired = 0;  ///< repaired: damaged rows that were recomputed
  std::shared_ptr<const void> storage;
};

/// Content hashes of all examples, from the cache's memory of unchanged files where possible. `bad` gets those that
/// cannot be read (their hash is zero) where `on_bad` is not error.
std::vector<Hash128> content_hashes(const Dataset& dataset, const ExtractOptions& options, std::vector<BadExample>& bad,
                                    Progress& progress = no_progress());

/// Runs the prefix once for each distinct example that the cache does not have, preprocessing on the engine's
/// own threads' time, and returns all rows, mapped. Interrupted or killed work goes on where it stopped. Throws
/// Error{data} naming a bad example (on_bad = error) or more of them than `on_bad` leaves out, Error{disk},
/// Error{interrupted}.
Extracted extract(const Dataset& dataset, const FeatureSource& source, const ExtractOptions& options,
                  Progress& progress = no_progress());

}  // namespace enxerto
