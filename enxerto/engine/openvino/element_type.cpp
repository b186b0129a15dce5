#include "enxerto/engine/openvino/element_type.h"

#include <array>
#include <utility>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::array<std::pair<DType, ov::element::Type_t>, 13> kTypes{{
    {DType::f64, ov::element::Type_t::f64},
    {DType::f32, ov::element::Type_t::f32},
    {DType::f16, ov::element::Type_t::f16},
    {DType::bf16, ov::element::Type_t::bf16},
    {DType::i64, ov::element::Type_t::i64},
    {DType::i32, ov::element::Type_t::i32},
    {DType::i16, ov::element::Type_t::i16},
    {DType::i8, ov::element::Type_t::i8},
    {DType::u64, ov::element::Type_t::u64},
    {DType::u32, ov::element::Type_t::u32},
    {DType::u16, ov::element::Type_t::u16},
    {DType::u8, ov::element::Type_t::u8},
    {DType::boolean, ov::element::Type_t::boolean},
}};

}  // namespace

ov::element::Type to_openvino(DType dtype) {
  for (const auto& [ours, theirs] : kTypes)
    if (ours == dtype) return theirs;
  return ov::element::dynamic;
}

DType from_openvino(const ov::element::Type& type) {
  for (const auto& [ours, theirs] : kTypes)
    if (type == theirs) return ours;
  throw weights_error("engine", "a value of type " + type.get_type_name(), "a supported element type");
}

}  // namespace enxerto
