#include "enxerto/weights/hdf5/hdf5_tree.h"

#include <algorithm>

namespace enxerto {

const Hdf5Group* Hdf5Group::group(std::string_view path) const {
  const Hdf5Group* at = this;
  while (!path.empty()) {
    const std::string_view first = path.substr(0, path.find('/'));
    const auto next = std::ranges::lower_bound(at->groups, first, {}, &Hdf5Group::name);
    if (next == at->groups.end() || next->name != first) return nullptr;
    at = &*next;
    path.remove_prefix(std::min(path.size(), first.size() + 1));
  }
  return at;
}

const Tensor* Hdf5Group::tensor(std::string_view path) const {
  const std::size_t slash = path.rfind('/');
  const std::string_view last = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const Hdf5Group* const parent = slash == std::string_view::npos ? this : group(path.substr(0, slash));
  if (parent == nullptr) return nullptr;
  const auto found = std::ranges::lower_bound(parent->tensors, last, {}, &Hdf5Tensor::name);
  return found != parent->tensors.end() && found->name == last ? &found->tensor : nullptr;
}

std::string_view Hdf5Group::text(std::string_view attribute) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() || found->second.empty() ? std::string_view() : found->second.front();
}

}  // namespace enxerto
