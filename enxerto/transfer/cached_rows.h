#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "enxerto/base/padding.h"
#include "enxerto/base/stored_rows.h"
#include "enxerto/training/batch_source.h"
#include "enxerto/transfer/target_source.h"

namespace enxerto {

/// Frozen features that lie in memory maps, one row an example and view.
struct CachedRowsOptions {
  std::vector<StoredRows> views =
      {};  ///< of the same examples, at least one; what the rows lie in must outlive the source
  TargetSource targets = {};
  std::function<std::string(std::size_t)> name = {};  ///< of an example; empty: "example 17"
  double mixup = 0;                                   ///< alpha (Zhang et al. 2018): a row is a mixture of two; 0: off
  double cutmix = 0;  ///< alpha (Yun et al. 2019): a box of a map is that of another example; 0: off. With both on,
                      ///< each example draws which
  std::uint64_t seed = 0;
  PadOptions padding = {};                    ///< of values whose length varies
  std::vector<std::string> for_targets = {};  ///< values that only the targets depend on, which the network has not
};

/// A BatchSource over them: the layout's values by name, (n, ..), then "target". Its lengths are those of the rows.
/// Over as many epochs as there are views an example is seen once in each of them, beginning at a view of its own.
/// Partner and share of a mixture depend on (seed, epoch, example) only. Throws Error{data} where numbers or layouts
/// differ, Error{usage} for a mixture of class numbers or of rows that are not one float32 value of a fixed shape, an
/// alpha below 0, and cutmix of rows that are no map.
std::unique_ptr<BatchSource> cached_rows(CachedRowsOptions options);

/// The view of an example in an epoch.
std::size_t view_of(std::size_t example, std::uint64_t epoch, std::size_t views, std::uint64_t seed);

}  // namespace enxerto
