#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "enxerto/weights/file_source.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {

/// Whether a pickle at the beginning of `bytes` is the magic number of PyTorch's format before 1.6.
bool looks_like_legacy_pytorch(std::span<const std::byte> bytes);

/// Reads what torch.save writes since PyTorch 1.6: a zip archive of data.pkl and one file a storage. Throws
/// Error{weights}; TorchScript archives and big-endian files are refused by name.
WeightFile read_pytorch_zip(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner,
                            std::string_view where);

/// Reads what torch.save wrote before 1.6: five pickles (magic number, protocol, system, object, keys of the storages),
/// then each storage as its number of elements and its bytes. Throws Error{weights}.
WeightFile read_pytorch_legacy(const FileSource& file);

}  // namespace enxerto
