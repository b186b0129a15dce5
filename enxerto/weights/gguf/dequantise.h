#pragma once
#include <cstddef>

namespace enxerto {

// One block each of ggml's quantised types as float32, rounded step by step as the Python package gguf does it
// (gguf/quants.py): equal to the bit. `block` need not be aligned.
void dequantise_q4_0(const std::byte* block, float* to);  ///< 32 numbers of 18 bytes
void dequantise_q4_1(const std::byte* block, float* to);  ///< 32 of 20
void dequantise_q8_0(const std::byte* block, float* to);  ///< 32 of 34
void dequantise_q4_k(const std::byte* block, float* to);  ///< 256 of 144
void dequantise_q6_k(const std::byte* block, float* to);  ///< 256 of 210

}  // namespace enxerto
