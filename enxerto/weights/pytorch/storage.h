#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "enxerto/base/dtype.h"
#include "enxerto/weights/pytorch/pickle_value.h"

namespace enxerto {

/// A reference from a pickle to a storage: what PyTorch's persistent id ("storage", type, key, device, count) says.
struct StorageReference {
  std::string_view key;
  std::optional<DType> dtype;    ///< nothing for an untyped storage, whose count is in bytes, and a foreign one
  std::string_view foreign;      ///< the type of elements that are not read: "ComplexFloatStorage"; mostly empty
  std::uint64_t width = 1;       ///< bytes of one element
  std::uint64_t count = 0;       ///< elements that the storage must have
  std::uint64_t view_begin = 0;  ///< the part of the storage that is meant: all, except in some legacy files
  std::uint64_t view_count = 0;
};

/// The reference in a value of kind `persistent`; nothing where it is to something else (legacy files also refer to the
/// source text of classes). Throws Error{weights} where it is to a storage that cannot be.
std::optional<StorageReference> storage_reference(const PickleValue& value, std::string_view where);

/// Bytes of a storage as they lie in the file.
struct StoredBytes {
  std::shared_ptr<const std::byte> data;
  std::uint64_t size = 0;
};

/// Finds a storage by its key; throws Error{weights} where there is none.
using StorageSource = std::function<StoredBytes(std::string_view key)>;

}  // namespace enxerto
