#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "enxerto/base/dtype.h"
#include "enxerto/weights/pytorch/pickle_value.h"

namespace enxerto {

/// What a Python name means to the reader. The table of names is fixed; any other name is `unknown`, and so is
/// everything made with it.
enum class TorchRole : std::uint8_t {
  unknown,
  ordered_dict,
  rebuild_tensor,     ///< (storage, offset, size, stride)
  rebuild_tensor_v2,  ///< (.., requires_grad, hooks[, metadata])
  rebuild_tensor_v3,  ///< (.., requires_grad, hooks, dtype[, metadata])
  rebuild_parameter,  ///< (tensor, requires_grad, hooks[, state])
  rebuild_from_type,  ///< (callable, type, arguments, state)
  size,               ///< torch.Size
  storage,            ///< the type of a storage: elements are `dtype`
  untyped_storage,    ///< a storage counted in bytes
  foreign_storage,    ///< elements of `width` bytes of a type that is not read
  dtype,              ///< torch.float32
};

struct TorchName {
  TorchRole role = TorchRole::unknown;
  DType dtype = DType::u8;  ///< of `storage` and `dtype`
  std::uint8_t width = 0;   ///< of `foreign_storage`
};

/// Looks a global of a pickle up in the table; `unknown` for any other value too.
TorchName torch_name(const PickleValue& global);

}  // namespace enxerto
