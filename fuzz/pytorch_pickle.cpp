#include <cstdint>
#include <memory>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/weights/pytorch/pickle_machine.h"
#include "enxerto/weights/pytorch/state_dict_in.h"

/// Whatever the bytes are, running them as a pickle whose storages have 32 bytes each gives tensors whose bytes can be
/// read, or an Error{weights}. The files around a pickle have harnesses of their own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kStorageBytes = 32;
  constexpr std::uint64_t kCopies = 1 << 16;
  try {
    const enxerto::Pickle pickle = enxerto::read_pickle(std::as_bytes(std::span(data, size)), "fuzz");
    // A place of its own on the heap, so that a sanitizer sees every step past it.
    const std::shared_ptr<std::byte[]> storage(new std::byte[kStorageBytes]{});
    const enxerto::StorageSource source = [&](std::string_view) {
      return enxerto::StoredBytes{std::shared_ptr<const std::byte>(storage, storage.get()), kStorageBytes};
    };
    enxerto::TensorRebuilder rebuilder(source, kCopies, "fuzz");
    std::vector<std::string> notes;
    const auto tensors =
        enxerto::without_wrapper_prefixes(enxerto::state_dict_in(*pickle.root, rebuilder, "fuzz", notes), notes);
    for (const auto& entry : tensors) enxerto::hash128(entry.second.bytes());
  } catch (const enxerto::Error& error) {
    if (error.kind() != enxerto::ErrorKind::weights) __builtin_trap();
  }
  return 0;
}
