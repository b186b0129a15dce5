#include "enxerto/graph/role.h"

#include <algorithm>
#include <array>

namespace enxerto {
namespace {

struct RoleSlot {
  std::string_view op;
  std::size_t slot;
  Role role;
};

constexpr std::array kSlots{
    RoleSlot{"Conv", 1, Role::weight},
    RoleSlot{"Conv", 2, Role::bias},
    RoleSlot{"Gemm", 1, Role::weight},
    RoleSlot{"Gemm", 2, Role::bias},
    RoleSlot{"MatMul", 0, Role::weight},
    RoleSlot{"MatMul", 1, Role::weight},
    RoleSlot{"Add", 0, Role::bias},
    RoleSlot{"Add", 1, Role::bias},
    RoleSlot{"Mul", 0, Role::weight},
    RoleSlot{"Mul", 1, Role::weight},
    RoleSlot{"PRelu", 1, Role::weight},
    RoleSlot{"ConvTranspose", 1, Role::weight},
    RoleSlot{"ConvTranspose", 2, Role::bias},
    RoleSlot{"Einsum", 0, Role::weight},
    RoleSlot{"Einsum", 1, Role::weight},
    RoleSlot{"Gather", 0, Role::embedding},
    RoleSlot{"Concat", 0, Role::embedding},  // a class token, put before the others
    RoleSlot{"Expand", 0, Role::embedding},  // the same, once for each example
    RoleSlot{"Reshape", 0, Role::weight},
    RoleSlot{"Unsqueeze", 0, Role::weight},
    RoleSlot{"Pad", 0, Role::embedding},     // a class token, put before the others
    RoleSlot{"Transpose", 0, Role::weight},  // a dense layer that has its weight the other way round
    RoleSlot{"Dropout", 0, Role::weight},    // recurrent weights of which single numbers are left out
    RoleSlot{"LSTM", 1, Role::weight},
    RoleSlot{"LSTM", 2, Role::weight},
    RoleSlot{"LSTM", 3, Role::bias},
    RoleSlot{"GRU", 1, Role::weight},
    RoleSlot{"GRU", 2, Role::weight},
    RoleSlot{"GRU", 3, Role::bias},
    RoleSlot{"RNN", 1, Role::weight},
    RoleSlot{"RNN", 2, Role::weight},
    RoleSlot{"RNN", 3, Role::bias},
    RoleSlot{"BatchNormalization", 1, Role::norm_scale},
    RoleSlot{"BatchNormalization", 2, Role::norm_shift},
    RoleSlot{"BatchNormalization", 3, Role::running_mean},
    RoleSlot{"BatchNormalization", 4, Role::running_variance},
    RoleSlot{"GroupNormalization", 1, Role::norm_scale},
    RoleSlot{"GroupNormalization", 2, Role::norm_shift},
    RoleSlot{"InstanceNormalization", 1, Role::norm_scale},
    RoleSlot{"InstanceNormalization", 2, Role::norm_shift},
    RoleSlot{"LayerNormalization", 1, Role::norm_scale},
    RoleSlot{"LayerNormalization", 2, Role::norm_shift},
};

}  // namespace

std::string_view name_of(Role role) {
  constexpr std::array<std::string_view, 8> kNames{
      "weight", "bias", "norm scale", "norm shift", "running mean", "running variance", "embedding", "constant"};
  return kNames.at(static_cast<std::size_t>(role));
}

bool is_trainable(Role role) {
  return role != Role::running_mean && role != Role::running_variance && role != Role::constant;
}

Role role_at(std::string_view op, std::size_t slot) {
  const auto* row = std::find_if(kSlots.begin(), kSlots.end(), [&](const RoleSlot& candidate) {
    return candidate.op == op && candidate.slot == slot;
  });
  return row == kSlots.end() ? Role::constant : row->role;
}

std::map<std::string, Role, std::less<>> roles(const Graph& graph) {
  std::map<std::string, Role, std::less<>> found;
  for (const Node& node : graph.nodes) {
    for (std::size_t slot = 0; slot < node.inputs.size(); ++slot) {
      const std::string& name = node.inputs[slot];
      if (graph.parameters.contains(name)) found.try_emplace(name, role_at(node.op, slot));
    }
  }
  return found;
}

}  // namespace enxerto
