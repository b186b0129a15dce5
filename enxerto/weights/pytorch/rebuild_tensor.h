#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "enxerto/base/tensor.h"
#include "enxerto/weights/pytorch/pickle_value.h"
#include "enxerto/weights/pytorch/storage.h"

namespace enxerto {

/// Whether a pickled value stands for a tensor or a parameter, of a kind that is read here or not.
bool is_tensor(const PickleValue& value);

/// Makes tensors of what a pickle says about them.
class TensorRebuilder {
 public:
  /// Copies that strided tensors need may take `copy_limit` bytes in all.
  TensorRebuilder(StorageSource source, std::uint64_t copy_limit, std::string_view where)
      : source_(std::move(source)), copies_left_(copy_limit), where_(where) {}

  /// The tensor that `value` (for which `is_tensor` holds) stands for: dense ones lie in their storage, others are
  /// copied. Throws Error{weights} naming `name`.
  Tensor rebuild(const PickleValue& value, std::string_view name);

 private:
  struct View;

  Tensor call(const PickleValue& callee, const PickleValue& arguments, std::string_view name, int depth);
  Tensor make(const View& view, std::string_view name);
  Tensor gather(const View& view, const std::byte* from, std::string_view name);
  [[noreturn]] void fail(std::string_view name, std::string found) const;

  StorageSource source_;
  std::uint64_t copies_left_;
  std::string_view where_;
};

}  // namespace enxerto
