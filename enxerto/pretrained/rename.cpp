#include "enxerto/pretrained/rename.h"

#include <utility>

namespace enxerto {

std::string renamed(std::string name, std::span<const Rename> table) {
  for (const auto& [theirs, ours] : table) {
    const bool anchored = theirs.starts_with('^');
    const std::string_view part = theirs.substr(anchored ? 1 : 0);
    const std::size_t at = anchored ? (name.starts_with(part) ? 0 : std::string::npos) : name.find(part);
    if (at != std::string::npos) name.replace(at, part.size(), ours);
  }
  return name;
}

StateDict renamed(const StateDict& weights, std::span<const Rename> table) {
  StateDict ours;
  for (const auto& [name, tensor] : weights) {
    const std::string now = renamed(name, table);
    ours.set(ours.contains(now) ? name : now, tensor);
  }
  return ours;
}

}  // namespace enxerto
