#include "enxerto/weights/hdf5_reader/element_type.h"

#include <cstdint>
#include <cstring>

namespace enxerto {
namespace {

struct FloatLayout {
  DType dtype;
  std::size_t bytes, sign, exponent, exponent_bits, mantissa_bits, bias;
};
constexpr FloatLayout kFloats[] = {{DType::f16, 2, 15, 10, 5, 10, 15},
                                   {DType::bf16, 2, 15, 7, 8, 7, 127},
                                   {DType::f32, 4, 31, 23, 8, 23, 127},
                                   {DType::f64, 8, 63, 52, 11, 52, 1023}};

struct IntegerLayout {
  std::size_t bytes;
  H5T_sign_t sign;
  DType dtype;
};
constexpr IntegerLayout kIntegers[] = {{1, H5T_SGN_2, DType::i8},  {1, H5T_SGN_NONE, DType::u8},
                                       {2, H5T_SGN_2, DType::i16}, {2, H5T_SGN_NONE, DType::u16},
                                       {4, H5T_SGN_2, DType::i32}, {4, H5T_SGN_NONE, DType::u32},
                                       {8, H5T_SGN_2, DType::i64}, {8, H5T_SGN_NONE, DType::u64}};

bool fills_its_bytes(hid_t type, std::size_t bytes) {
  return H5Tget_precision(type) == 8 * bytes && H5Tget_offset(type) == 0;
}

std::optional<ElementType> in_order(hid_t type, DType dtype, std::size_t bytes) {
  const H5T_order_t order = H5Tget_order(type);
  if (order != H5T_ORDER_LE && order != H5T_ORDER_BE) return std::nullopt;
  return ElementType{.dtype = dtype, .bytes = bytes, .converted = order == H5T_ORDER_BE && bytes > 1};
}

std::optional<ElementType> float_type(hid_t type, std::size_t bytes) {
  std::size_t sign = 0, exponent = 0, exponent_bits = 0, mantissa = 0, mantissa_bits = 0;
  if (H5Tget_fields(type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits) < 0 || mantissa != 0 ||
      H5Tget_norm(type) != H5T_NORM_IMPLIED || !fills_its_bytes(type, bytes))
    return std::nullopt;
  for (const FloatLayout& layout : kFloats) {
    if (layout.bytes == bytes && layout.sign == sign && layout.exponent == exponent &&
        layout.exponent_bits == exponent_bits && layout.mantissa_bits == mantissa_bits &&
        layout.bias == H5Tget_ebias(type))
      return in_order(type, layout.dtype, bytes);
  }
  return std::nullopt;
}

std::optional<ElementType> integer_type(hid_t type, std::size_t bytes) {
  if (!fills_its_bytes(type, bytes)) return std::nullopt;
  for (const IntegerLayout& layout : kIntegers) {
    if (layout.bytes == bytes && layout.sign == H5Tget_sign(type)) return in_order(type, layout.dtype, bytes);
  }
  return std::nullopt;
}

/// Booleans are an enumeration of FALSE = 0 and TRUE = 1, as h5py writes them.
std::optional<ElementType> boolean_type(hid_t type, std::size_t bytes) {
  if (bytes != 1 || H5Tget_nmembers(type) != 2) return std::nullopt;
  for (const char* const name : {"FALSE", "TRUE"}) {
    std::int8_t value = -1;
    if (H5Tenum_valueof(type, name, &value) < 0 || value != (std::strcmp(name, "TRUE") == 0 ? 1 : 0))
      return std::nullopt;
  }
  return ElementType{.dtype = DType::boolean, .bytes = 1, .converted = false};
}

}  // namespace

std::optional<ElementType> element_type(hid_t type, bool brain_floats) {
  const std::size_t bytes = H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_FLOAT:
      return float_type(type, bytes);
    case H5T_INTEGER:
      return integer_type(type, bytes);
    case H5T_ENUM:
      return boolean_type(type, bytes);
    case H5T_OPAQUE:
      if (brain_floats && bytes == 2) return ElementType{.dtype = DType::bf16, .bytes = 2, .converted = false};
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace enxerto
