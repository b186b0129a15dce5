#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace enxerto {

/// Element types of tensors, in every format that Enxerto reads or writes.
enum class DType : std::uint8_t { f64, f32, f16, bf16, i64, i32, i16, i8, u64, u32, u16, u8, boolean };

/// IEEE 754 binary16 and bfloat16 as bit patterns; convert with `to_float` and `to_half` / `to_bfloat16`.
struct Half {
  std::uint16_t bits = 0;
};
struct BFloat16 {
  std::uint16_t bits = 0;
};

/// Bytes of one element.
std::size_t size_of(DType dtype);

/// Lower-case name as written in reports: "float32", "bfloat16", "int64", "bool".
std::string_view name_of(DType dtype);

/// The opposite of `name_of`.
std::optional<DType> dtype_named(std::string_view name);

float to_float(Half value);
float to_float(BFloat16 value);
Half to_half(float value);          ///< round to nearest even
BFloat16 to_bfloat16(float value);  ///< round to nearest even

/// DType of a C++ type: `dtype_of<float> == DType::f32`. Does not compile for a type that no DType stands for.
template <typename T>
inline constexpr DType dtype_of = [] {
  static_assert(sizeof(T) == 0, "no DType stands for this type");
  return DType{};
}();
template <>
inline constexpr DType dtype_of<double> = DType::f64;
template <>
inline constexpr DType dtype_of<float> = DType::f32;
template <>
inline constexpr DType dtype_of<Half> = DType::f16;
template <>
inline constexpr DType dtype_of<BFloat16> = DType::bf16;
template <>
inline constexpr DType dtype_of<std::int64_t> = DType::i64;
template <>
inline constexpr DType dtype_of<std::int32_t> = DType::i32;
template <>
inline constexpr DType dtype_of<std::int16_t> = DType::i16;
template <>
inline constexpr DType dtype_of<std::int8_t> = DType::i8;
template <>
inline constexpr DType dtype_of<std::uint64_t> = DType::u64;
template <>
inline constexpr DType dtype_of<std::uint32_t> = DType::u32;
template <>
inline constexpr DType dtype_of<std::uint16_t> = DType::u16;
template <>
inline constexpr DType dtype_of<std::uint8_t> = DType::u8;
template <>
inline constexpr DType dtype_of<bool> = DType::boolean;

}  // namespace enxerto
