#include "enxerto/pretrained/names_gguf.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/infer.h"
#include "enxerto/pretrained/rename.h"

namespace enxerto {
namespace {

constexpr Rename kGguf[] = {
    {"^token_embd.", "embeddings.word."},
    {"^blk.", "blocks."},
    {"^output_norm.", "norm."},
    {".attn_norm.", ".norm1."},
    {".ffn_norm.", ".norm2."},
    {".attn_q.", ".attn.q."},
    {".attn_k.", ".attn.k."},
    {".attn_v.", ".attn.v."},
    {".attn_output.", ".attn.proj."},
    {".ffn_gate.", ".mlp.gate."},
    {".ffn_up.", ".mlp.up."},
    {".ffn_down.", ".mlp.down."},
};

/// The layer that predicts words, and factors that the network's frequencies have in them.
constexpr std::array<std::string_view, 3> kBesideBody{"output.weight", "output.bias", "rope_freqs.weight"};

/// Rows of each head from the order (width / 2, 2) to (2, width / 2).
Tensor in_halves(const Tensor& tensor, std::size_t width) {
  const std::size_t rows = to_size(tensor.shape()[0]), bytes = tensor.byte_size() / rows, half = width / 2;
  TensorBuffer buffer(tensor.dtype(), tensor.shape());
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t in_head = row % width, head = row - in_head;
    const std::size_t from = head + in_head % half * 2 + in_head / half;
    std::memcpy(buffer.data() + row * bytes, tensor.data() + from * bytes, bytes);
  }
  return std::move(buffer).freeze();
}

bool is_turned(std::string_view name) {
  return name.find(".attn.q.") != std::string_view::npos || name.find(".attn.k.") != std::string_view::npos;
}

StateDict translate_gguf(const StateDict& weights, const Blueprint& blueprint) {
  const bool in_pairs = blueprint.graph.name == "llama";
  const std::size_t width = in_pairs ? to_size(infer_shapes(blueprint).at("blocks.0.attn.query").shape.at(3).size) : 1;
  StateDict ours;
  for (const auto& [name, tensor] : renamed(weights, kGguf)) {
    if (std::ranges::find(kBesideBody, name) != kBesideBody.end()) continue;
    const bool turned = in_pairs && is_turned(name) && !tensor.shape().empty() && tensor.size() > 0 &&
                        to_size(tensor.shape()[0]) % width == 0;
    ours.set(name, turned ? in_halves(tensor, width) : tensor);
  }
  return ours;
}

bool recognises_gguf(const StateDict& weights) {
  return weights.contains("token_embd.weight") && weights.contains("blk.0.attn_q.weight");
}

constexpr NameTable kTables[] = {{"gguf", recognises_gguf, translate_gguf}};

}  // namespace

std::span<const NameTable> gguf_names() { return kTables; }

}  // namespace enxerto
