#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace enxerto {

// What the program enxerto-hdf5 writes on its standard output about one HDF5 file; all numbers little-endian.
//
//   answer  := magic (8 bytes) kind (u64) index bytes (u64) data bytes (u64) index, zeros up to a multiple of 64, data
//   index   := group              where kind is AnswerKind::tree
//            | text text text     where kind is AnswerKind::refusal: found, expected, tip; there is no data
//   group   := attribute count (u32) attribute* child count (u32) child*    children ascend strictly by name, as bytes
//   attribute := name (text) count (u32) text*
//   child   := kind (u8, ItemKind) name (text), then
//              ItemKind::group   group
//              ItemKind::tensor  dtype (u8, DType) rank (u8) size (u64)* place (u8, TensorPlace) offset (u64)
//              ItemKind::other   nothing: an object without numbers
//   text    := length (u32) bytes

inline constexpr std::string_view kAnswerMagic = "enxh5\r\n\x01";
inline constexpr std::size_t kAnswerHeaderBytes = 32, kAnswerAlignment = 64;

/// Bounds that both sides keep: the helper refuses a file beyond them, the reader an answer.
inline constexpr std::uint64_t kAnswerIndexLimit = std::uint64_t{64} << 20;
inline constexpr std::uint32_t kAnswerDepthLimit = 32;
inline constexpr std::uint8_t kAnswerRankLimit = 32;

enum class AnswerKind : std::uint8_t { tree = 1, refusal = 2 };
enum class ItemKind : std::uint8_t { group = 1, tensor = 2, other = 3 };

/// Where the bytes of a tensor are: at an offset in the HDF5 file, or at an offset in the answer's data.
enum class TensorPlace : std::uint8_t { file = 1, answer = 2 };

/// Exit codes of the program other than 0, after which the answer is incomplete.
enum class HelperExit : std::uint8_t { arguments = 2, confinement = 3, unpacking = 4, memory = 5, writing = 6 };

}  // namespace enxerto
