#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// A tensor that was to stay as it was and did not.
struct TensorChange {
  std::string name;
  std::string how;  ///< "missing", "shape (64) became (32)", "3 of 64 values differ, the first at 5: 0.25 became 0.5"
};

struct FrozenOptions {
  std::string trained_from = {};           ///< the lowest stage that any phase trained; "all": no stage stayed frozen
  std::vector<std::string> replaced = {};  ///< stages of the source that the run threw away (its head)
  bool statistics_frozen =
      true;                   ///< running statistics of trained stages too: no phase had the policy train or recompute
  bool norms_frozen = false;  ///< scales and shifts of normalisations in trained stages too
};

/// Names of the parameters of `source` that must stay to the bit: all that a stage before `trained_from` uses,
/// constants everywhere, and running statistics in trained stages under the policy `frozen`. Throws Error{usage} for a
/// stage that `source` has not, unless it is among those replaced: a network without a head stays frozen whole.
std::vector<std::string> frozen_tensors(const Graph& source, const FrozenOptions& options);

/// Compares bit by bit. Empty where nothing changed.
std::vector<TensorChange> audit_frozen(const Graph& source, const Graph& saved, std::span<const std::string> frozen);

/// Throws Error{weights}, naming `where` and the first ten, unless nothing changed; also where `frozen` names what
/// `source` has not, as nothing would have been compared.
void require_frozen(const Graph& source, const Graph& saved, std::span<const std::string> frozen,
                    std::string_view where);

/// The largest difference of prefix + suffix from the whole as a share of the whole's largest output, on `inputs` (of
/// the whole, by name), by the forward engine in fp32.
double audit_halves(const Graph& whole, std::string_view first_trained_stage, const TensorMap& inputs);

/// The most that `audit_halves` may find.
inline constexpr double kHalvesTolerance = 1e-4;

/// Throws Error{weights} where the two differ by more.
void require_halves(const Graph& whole, std::string_view first_trained_stage, const TensorMap& inputs,
                    std::string_view where);

}  // namespace enxerto
