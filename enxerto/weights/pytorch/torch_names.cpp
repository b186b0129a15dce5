#include "enxerto/weights/pytorch/torch_names.h"

namespace enxerto {
namespace {

struct Row {
  std::string_view module, name;
  TorchName meaning;
};

constexpr Row kNames[] = {
    {"collections", "OrderedDict", {TorchRole::ordered_dict, DType::u8, 0}},
    {"torch._utils", "_rebuild_tensor", {TorchRole::rebuild_tensor, DType::u8, 0}},
    {"torch._utils", "_rebuild_tensor_v2", {TorchRole::rebuild_tensor_v2, DType::u8, 0}},
    {"torch._utils", "_rebuild_tensor_v3", {TorchRole::rebuild_tensor_v3, DType::u8, 0}},
    {"torch._utils", "_rebuild_parameter", {TorchRole::rebuild_parameter, DType::u8, 0}},
    {"torch._utils", "_rebuild_parameter_with_state", {TorchRole::rebuild_parameter, DType::u8, 0}},
    {"torch._tensor", "_rebuild_from_type_v2", {TorchRole::rebuild_from_type, DType::u8, 0}},
    {"torch", "Size", {TorchRole::size, DType::u8, 0}},
    {"torch", "DoubleStorage", {TorchRole::storage, DType::f64, 0}},
    {"torch", "FloatStorage", {TorchRole::storage, DType::f32, 0}},
    {"torch", "HalfStorage", {TorchRole::storage, DType::f16, 0}},
    {"torch", "BFloat16Storage", {TorchRole::storage, DType::bf16, 0}},
    {"torch", "LongStorage", {TorchRole::storage, DType::i64, 0}},
    {"torch", "IntStorage", {TorchRole::storage, DType::i32, 0}},
    {"torch", "ShortStorage", {TorchRole::storage, DType::i16, 0}},
    {"torch", "CharStorage", {TorchRole::storage, DType::i8, 0}},
    {"torch", "ByteStorage", {TorchRole::storage, DType::u8, 0}},
    {"torch", "BoolStorage", {TorchRole::storage, DType::boolean, 0}},
    {"torch", "UntypedStorage", {TorchRole::untyped_storage, DType::u8, 0}},
    {"torch.storage", "UntypedStorage", {TorchRole::untyped_storage, DType::u8, 0}},
    {"torch.storage", "_UntypedStorage", {TorchRole::untyped_storage, DType::u8, 0}},
    {"torch", "ComplexFloatStorage", {TorchRole::foreign_storage, DType::u8, 8}},
    {"torch", "ComplexDoubleStorage", {TorchRole::foreign_storage, DType::u8, 16}},
    {"torch", "QInt8Storage", {TorchRole::foreign_storage, DType::u8, 1}},
    {"torch", "QUInt8Storage", {TorchRole::foreign_storage, DType::u8, 1}},
    {"torch", "QInt32Storage", {TorchRole::foreign_storage, DType::u8, 4}},
    {"torch", "QUInt4x2Storage", {TorchRole::foreign_storage, DType::u8, 1}},
    {"torch", "QUInt2x4Storage", {TorchRole::foreign_storage, DType::u8, 1}},
    {"torch", "float64", {TorchRole::dtype, DType::f64, 0}},
    {"torch", "float32", {TorchRole::dtype, DType::f32, 0}},
    {"torch", "float16", {TorchRole::dtype, DType::f16, 0}},
    {"torch", "bfloat16", {TorchRole::dtype, DType::bf16, 0}},
    {"torch", "int64", {TorchRole::dtype, DType::i64, 0}},
    {"torch", "int32", {TorchRole::dtype, DType::i32, 0}},
    {"torch", "int16", {TorchRole::dtype, DType::i16, 0}},
    {"torch", "int8", {TorchRole::dtype, DType::i8, 0}},
    {"torch", "uint64", {TorchRole::dtype, DType::u64, 0}},
    {"torch", "uint32", {TorchRole::dtype, DType::u32, 0}},
    {"torch", "uint16", {TorchRole::dtype, DType::u16, 0}},
    {"torch", "uint8", {TorchRole::dtype, DType::u8, 0}},
    {"torch", "bool", {TorchRole::dtype, DType::boolean, 0}},
};

}  // namespace

TorchName torch_name(const PickleValue& global) {
  if (!global.is(PickleKind::global)) return {};
  // Files saved from a GPU name their storages torch.cuda.FloatStorage.
  const bool on_gpu = global.module == "torch.cuda" && global.text.ends_with("Storage");
  const std::string_view module = on_gpu ? std::string_view("torch") : global.module;
  for (const Row& row : kNames) {
    if (row.module == module && row.name == global.text) return row.meaning;
  }
  return {};
}

}  // namespace enxerto
