#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// What a parameter is for, known from the slot that it fills. Weight decay, freezing and audit ask for it, never for a
/// pattern in the name.
enum class Role : std::uint8_t {
  weight,
  bias,
  norm_scale,
  norm_shift,
  running_mean,
  running_variance,
  embedding,
  constant,  ///< never trained: shapes, limits, tables
};

/// "weight", "norm scale", "running variance" ..
std::string_view name_of(Role role);

/// True for the roles that a gradient may change: all but running statistics and constants.
bool is_trainable(Role role);

/// Role of a parameter at input `slot` of an operation; `constant` for operations that take no trained parameter there.
Role role_at(std::string_view op, std::size_t slot);

/// Role of each parameter of the graph, by the first slot that it fills.
std::map<std::string, Role, std::less<>> roles(const Graph& graph);

}  // namespace enxerto
