#include "enxerto/weights/gguf/block_type.h"

#include <algorithm>
#include <array>
#include <utility>

#include "enxerto/weights/gguf/dequantise.h"

namespace enxerto {
namespace {

constexpr std::array kBlockTypes{
    GgufBlockType{.id = 0, .name = "F32", .bytes = 4, .plain = DType::f32},
    GgufBlockType{.id = 1, .name = "F16", .bytes = 2, .plain = DType::f16},
    GgufBlockType{.id = 30, .name = "BF16", .bytes = 2, .plain = DType::bf16},
    GgufBlockType{.id = 2, .name = "Q4_0", .numbers = 32, .bytes = 18, .dequantise = dequantise_q4_0},
    GgufBlockType{.id = 3, .name = "Q4_1", .numbers = 32, .bytes = 20, .dequantise = dequantise_q4_1},
    GgufBlockType{.id = 8, .name = "Q8_0", .numbers = 32, .bytes = 34, .dequantise = dequantise_q8_0},
    GgufBlockType{.id = 12, .name = "Q4_K", .numbers = 256, .bytes = 144, .dequantise = dequantise_q4_k},
    GgufBlockType{.id = 14, .name = "Q6_K", .numbers = 256, .bytes = 210, .dequantise = dequantise_q6_k},
};

/// Those that are not read.
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 25> kOthers{{
    {6, "Q5_0"},     {7, "Q5_1"},    {9, "Q8_1"},     {10, "Q2_K"},  {11, "Q3_K"},   {13, "Q5_K"},  {15, "Q8_K"},
    {16, "IQ2_XXS"}, {17, "IQ2_XS"}, {18, "IQ3_XXS"}, {19, "IQ1_S"}, {20, "IQ4_NL"}, {21, "IQ3_S"}, {22, "IQ2_S"},
    {23, "IQ4_XS"},  {24, "I8"},     {25, "I16"},     {26, "I32"},   {27, "I64"},    {28, "F64"},   {29, "IQ1_M"},
    {34, "TQ1_0"},   {35, "TQ2_0"},  {39, "MXFP4"},   {40, "NVFP4"},
}};

}  // namespace

const GgufBlockType* gguf_block_type(std::uint32_t id) {
  const auto* const found = std::ranges::find(kBlockTypes, id, &GgufBlockType::id);
  return found == kBlockTypes.end() ? nullptr : found;
}

std::string_view gguf_type_name(std::uint32_t id) {
  if (const GgufBlockType* const type = gguf_block_type(id)) return type->name;
  for (const auto& [other, name] : kOthers)
    if (other == id) return name;
  return "";
}

std::span<const GgufBlockType> gguf_block_types() { return kBlockTypes; }

}  // namespace enxerto
