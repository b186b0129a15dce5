#include "enxerto/pretrained/sound_parameters.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/finite.h"
#include "enxerto/base/floating.h"
#include "enxerto/graph/role.h"

namespace enxerto {
namespace {

std::size_t count_not_finite(const Tensor& tensor) {
  const Tensor values = tensor.to_float32();
  const std::span<const float> all = values.as<float>();
  return static_cast<std::size_t>(std::ranges::count_if(all, [](float value) { return !std::isfinite(value); }));
}

/// What the file calls a tensor of which `matches` holds; `ours` where none is found.
template <typename Matches>
std::string name_in(const StateDict& file, const std::string& ours, const Tensor& tensor, const Matches& matches) {
  if (file.contains(ours)) return ours;
  for (const auto& [name, other] : file)
    if (is_floating(other.dtype()) && other.size() == tensor.size() && matches(other)) return name;
  return ours;
}

[[noreturn]] void refuse(std::string_view where, std::string found) {
  throw weights_error(std::string(where), std::move(found), "weights of a network that can be run",
                      "an earlier checkpoint of the same run, or a complete download");
}

void require_finite(const std::string& name, const Tensor& tensor, const StateDict& file, std::string_view where) {
  if (all_finite(tensor.as<float>())) return;
  const std::size_t count = count_not_finite(tensor);
  const std::string theirs =
      name_in(file, name, tensor, [&](const Tensor& other) { return count_not_finite(other) == count; });
  refuse(where, fmt::format(
                    "tensor {} holds {}", theirs,
                    count == 1 ? "a number that is not finite" : fmt::format("{} numbers that are not finite", count)));
}

void require_variances(const std::string& name, const Tensor& tensor, const StateDict& file, std::string_view where) {
  const std::span<const float> values = tensor.as<float>();
  const auto lowest = std::ranges::find_if(values, [](float value) { return value < 0; });
  if (lowest == values.end()) return;
  const std::string theirs = name_in(file, name, tensor, [&](const Tensor& other) {
    const Tensor same = other.to_float32();
    return std::ranges::equal(same.as<float>(), values);
  });
  refuse(where, fmt::format("tensor {} holds a variance below 0: {:g}", theirs, *lowest));
}

}  // namespace

void require_sound(const Graph& graph, const StateDict& file, std::string_view where) {
  for (const auto& [name, role] : roles(graph)) {
    const Tensor& tensor = graph.parameters.at(name);
    if (role == Role::constant || tensor.dtype() != DType::f32) continue;
    require_finite(name, tensor, file, where);
    if (role == Role::running_variance) require_variances(name, tensor, file, where);
  }
}

}  // namespace enxerto
