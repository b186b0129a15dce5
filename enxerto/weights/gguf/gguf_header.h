#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "enxerto/base/shape.h"
#include "enxerto/weights/file_source.h"
#include "enxerto/weights/gguf/block_type.h"

namespace enxerto {

/// A list of another type than texts, integers, fractions or truth values, which no network here needs: of lists.
struct GgufSkipped {};

/// A value of the metadata. Lists of integers and of truth values are of int64; those beyond it are Error{weights}.
using GgufValue = std::variant<bool, std::uint64_t, std::int64_t, double, std::string, std::vector<std::string>,
                               std::vector<std::int64_t>, std::vector<double>, GgufSkipped>;

struct GgufTensor {
  std::string name;
  const GgufBlockType* type = nullptr;
  Shape shape;                       ///< the outermost first, as everywhere here; the file has the innermost first
  std::uint64_t begin = 0, end = 0;  ///< in the file
};

/// What stands before the numbers of a file.
struct GgufHeader {
  std::uint32_t version = 0;
  std::map<std::string, GgufValue, std::less<>> values;
  std::vector<GgufTensor> tensors;  ///< in the order of their data

  /// nullptr where there is no such key, or a value of another type.
  template <typename T>
  const T* find(std::string_view key) const {
    const auto at = values.find(key);
    return at == values.end() ? nullptr : std::get_if<T>(&at->second);
  }
};

/// Reads and checks all of it (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md): versions 2 and 3, little
/// endian. Memory is a small multiple of the header. Throws Error{weights}: truncated, counts that the file has no room
/// for, types that are not read (named), alignment that is none, tensors that overlap or lie outside the file, one file
/// of a network that is split.
GgufHeader read_gguf_header(const FileSource& file);

}  // namespace enxerto
