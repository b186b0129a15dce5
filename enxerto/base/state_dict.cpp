#include "enxerto/base/state_dict.h"

#include "enxerto/base/error.h"

namespace enxerto {

void StateDict::set(std::string name, Tensor tensor) {
  const auto [place, added] = index_.try_emplace(name, entries_.size());
  if (added) {
    entries_.emplace_back(std::move(name), std::move(tensor));
  } else {
    entries_[place->second].second = std::move(tensor);
  }
}

bool StateDict::erase(std::string_view name) {
  const auto place = index_.find(name);
  if (place == index_.end()) return false;
  const std::size_t position = place->second;
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(position));
  index_.erase(place);
  for (auto& [_, other] : index_) {
    if (other > position) --other;
  }
  return true;
}

const Tensor* StateDict::find(std::string_view name) const {
  const auto place = index_.find(name);
  return place == index_.end() ? nullptr : &entries_[place->second].second;
}

const Tensor& StateDict::at(std::string_view name) const {
  if (const Tensor* tensor = find(name)) return *tensor;
  throw weights_error("tensor '" + std::string(name) + "'", "missing");
}

}  // namespace enxerto
