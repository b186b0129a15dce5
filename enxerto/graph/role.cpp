#include "enxerto/graph/role.h"

#include <algorithm>
#include <array>

namespace enxerto {
namespace {

struct Slot {
  std::string_view op;
  std::size_t slot;
  Role role;
};

constexpr std::array kSlots{
    Slot{"Conv", 1, Role::weight},
    Slot{"Conv", 2, Role::bias},
    Slot{"Gemm", 1, Role::weight},
    Slot{"Gemm", 2, Role::bias},
    Slot{"MatMul", 0, Role::weight},
    Slot{"MatMul", 1, Role::weight},
    Slot{"Add", 0, Role::bias},
    Slot{"Add", 1, Role::bias},
    Slot{"Mul", 0, Role::weight},
    Slot{"Mul", 1, Role::weight},
    Slot{"PRelu", 1, Role::weight},
    Slot{"ConvTranspose", 1, Role::weight},
    Slot{"ConvTranspose", 2, Role::bias},
    Slot{"Einsum", 0, Role::weight},
    Slot{"Einsum", 1, Role::weight},
    Slot{"Gather", 0, Role::embedding},
    Slot{"Concat", 0, Role::embedding},  // a class token, put before the others
    Slot{"Expand", 0, Role::embedding},  // the same, once for each example
    Slot{"Reshape", 0, Role::weight},
    Slot{"Unsqueeze", 0, Role::weight},
    Slot{"Pad", 0, Role::embedding},     // a class token, put before the others
    Slot{"Transpose", 0, Role::weight},  // a dense layer that has its weight the other way round
    Slot{"BatchNormalization", 1, Role::norm_scale},
    Slot{"BatchNormalization", 2, Role::norm_shift},
    Slot{"BatchNormalization", 3, Role::running_mean},
    Slot{"BatchNormalization", 4, Role::running_variance},
    Slot{"GroupNormalization", 1, Role::norm_scale},
    Slot{"GroupNormalization", 2, Role::norm_shift},
    Slot{"InstanceNormalization", 1, Role::norm_scale},
    Slot{"InstanceNormalization", 2, Role::norm_shift},
    Slot{"LayerNormalization", 1, Role::norm_scale},
    Slot{"LayerNormalization", 2, Role::norm_shift},
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
  const auto* row = std::find_if(kSlots.begin(), kSlots.end(),
                                 [&](const Slot& candidate) { return candidate.op == op && candidate.slot == slot; });
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
