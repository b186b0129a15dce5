#pragma once
#include <ATen/core/Tensor.h>

#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/state_dict.h"

namespace enxerto {

/// The live tensors that the next step depends on, by name.
class TrainingState {
 public:
  /// A tensor that `restore` writes into.
  void add(std::string name, at::Tensor tensor);

  /// A text that must be the same on both sides, e.g. the optimizer's kind.
  void add_text(std::string name, std::string_view text);

  /// Copies of all.
  StateDict save() const;

  /// Writes all of `saved` into the live tensors. Throws Error{weights}, changing nothing, unless names, shapes, types
  /// and texts are the same.
  void restore(const StateDict& saved) const;

  /// The same for some of the tensors.
  void restore_some(const StateDict& saved) const;

 private:
  struct Slot {
    std::string name;
    at::Tensor live;
    bool is_text = false;
  };

  std::vector<Slot> slots_;
};

}  // namespace enxerto
