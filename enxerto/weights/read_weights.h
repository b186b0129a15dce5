#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/weights/metadata.h"

namespace enxerto {

/// What a weight file holds.
struct WeightFile {
  StateDict tensors;   ///< in the file's order
  std::string format;  ///< "safetensors", "PyTorch zip", "PyTorch legacy", "Keras HDF5", "TF.js layers model" ..
  std::vector<std::string> notes;  ///< what was done on the way: the wrapper taken, the prefix stripped, values ignored
  Metadata metadata;  ///< safetensors' `__metadata__`; Keras's keras_version and model_config; empty for PyTorch files
  std::uint64_t file_bytes = 0;    ///< size of the file
  std::uint64_t tensor_bytes = 0;  ///< sum over the tensors
};

/// Reads a weight file, recognised by its content, never by its name; of a format with several files (TF.js), the one
/// that names the others. Tensors point into a memory map where their bytes
/// lie in it as they are needed. Throws Error{weights}; a Git LFS pointer, an HTML page, an empty file and formats that
/// are known but not read are named.
WeightFile read_weights(const std::filesystem::path& path);

/// The same from memory: the tensors may point into `bytes` and keep `owner` alive. `where` is what errors name.
WeightFile read_weights(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner,
                        std::string_view where);

}  // namespace enxerto
