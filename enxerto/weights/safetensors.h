#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include "enxerto/base/state_dict.h"
#include "enxerto/weights/file_source.h"
#include "enxerto/weights/metadata.h"

namespace enxerto {

/// Whether the bytes begin as a safetensors file does: a length that a header may have, then '{'.
bool looks_like_safetensors(std::span<const std::byte> bytes);

/// Reads a file of the safetensors format (https://github.com/huggingface/safetensors) to its letter: header of at most
/// 100 MB and no duplicate key, tensors without hole or overlap, nothing behind them. Tensors come in the order of
/// their data and point into the memory map. Throws Error{weights}.
StateDict read_safetensors(const std::filesystem::path& path, Metadata* metadata = nullptr);

/// The same from bytes of a file; the tensors point into them and keep their owner alive.
StateDict read_safetensors(const FileSource& file, Metadata* metadata = nullptr);

/// Writes atomically. The same tensors and metadata always give the same bytes; data is in the order of `tensors`,
/// wider element types first, so that every tensor is aligned. Throws Error{disk}.
void write_safetensors(const std::filesystem::path& path, const StateDict& tensors, const Metadata& metadata = {});

}  // namespace enxerto
