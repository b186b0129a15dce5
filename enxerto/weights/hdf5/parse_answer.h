#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "enxerto/weights/hdf5/hdf5_tree.h"

namespace enxerto {

/// Bytes that tensors may point into, and what keeps them alive.
struct SharedBytes {
  std::span<const std::byte> bytes = {};
  std::shared_ptr<const void> owner = {};
};

/// What the header of an answer announces.
struct AnswerHeader {
  std::uint64_t index_bytes = 0, data_bytes = 0;
  bool refused = false;

  std::uint64_t total_bytes() const;  ///< of the whole answer
};

/// Reads the header of an answer of enxerto-hdf5, `kAnswerHeaderBytes` long. At most `data_limit` bytes of data are
/// believed. Throws Error{weights}.
AnswerHeader parse_answer_header(std::span<const std::byte> bytes, std::uint64_t data_limit, std::string_view where);

/// Reads a whole answer, strictly as hdf5/answer_format.h says: what the helper program writes is not trusted, because
/// the HDF5 library in it may have been taken over by the file. Tensors point into `file`, where they lie there, or
/// into `answer`. Throws Error{weights}, also where the answer is a refusal.
Hdf5Group parse_answer(const SharedBytes& answer, const SharedBytes& file, std::string_view where);

}  // namespace enxerto
