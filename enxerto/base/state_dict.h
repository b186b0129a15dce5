#pragma once
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// Tensors by name, in the order in which they were added. Names are those that PyTorch would give.
class StateDict {
 public:
  using Entry = std::pair<std::string, Tensor>;

  StateDict() = default;
  StateDict(std::initializer_list<Entry> entries) {
    for (const Entry& entry : entries) set(entry.first, entry.second);
  }

  /// Adds, or replaces in place where the name exists.
  void set(std::string name, Tensor tensor);

  /// `set` of each entry of `other`, in its order.
  void merge(const StateDict& other) {
    for (const auto& [name, tensor] : other.entries_) set(name, tensor);
  }

  /// Removes; false where the name is not there.
  bool erase(std::string_view name);

  /// nullptr where the name is not there.
  const Tensor* find(std::string_view name) const;

  /// Throws Error{weights} where the name is not there.
  const Tensor& at(std::string_view name) const;

  bool contains(std::string_view name) const { return find(name) != nullptr; }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
  };

  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t, NameHash, std::equal_to<>> index_;
};

}  // namespace enxerto
