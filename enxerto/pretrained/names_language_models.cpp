#include "enxerto/pretrained/names_language_models.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/infer.h"
#include "enxerto/pretrained/joined_attention.h"
#include "enxerto/pretrained/rename.h"
#include "enxerto/pretrained/turned_matrix.h"

namespace enxerto {
namespace {

// TensorFlow's files, from which the first ones came, call a normalisation's tensors gamma and beta.
constexpr Rename kBert[] = {
    {"LayerNorm.gamma", "LayerNorm.weight"},
    {"LayerNorm.beta", "LayerNorm.bias"},
    {"^embeddings.word_embeddings.", "embeddings.word."},
    {"^embeddings.position_embeddings.", "embeddings.position."},
    {"^embeddings.token_type_embeddings.", "embeddings.type."},
    {"^embeddings.LayerNorm.", "embeddings.norm."},
    {"^encoder.layer.", "blocks."},
    {".attention.self.query.", ".attn.q."},
    {".attention.self.key.", ".attn.k."},
    {".attention.self.value.", ".attn.v."},
    {".attention.output.dense.", ".attn.proj."},
    {".attention.output.LayerNorm.", ".norm1."},
    {".intermediate.dense.", ".mlp.fc1."},
    {".output.dense.", ".mlp.fc2."},
    {".output.LayerNorm.", ".norm2."},
};
constexpr Rename kDistilbert[] = {
    {"^embeddings.word_embeddings.", "embeddings.word."},
    {"^embeddings.position_embeddings.", "embeddings.position."},
    {"^embeddings.LayerNorm.", "embeddings.norm."},
    {"^transformer.layer.", "blocks."},
    {".attention.q_lin.", ".attn.q."},
    {".attention.k_lin.", ".attn.k."},
    {".attention.v_lin.", ".attn.v."},
    {".attention.out_lin.", ".attn.proj."},
    {".sa_layer_norm.", ".norm1."},
    {".ffn.lin1.", ".mlp.fc1."},
    {".ffn.lin2.", ".mlp.fc2."},
    {".output_layer_norm.", ".norm2."},
};
constexpr Rename kGpt2[] = {
    {"^wte.", "embeddings.word."},
    {"^wpe.", "embeddings.position."},
    {"^h.", "blocks."},
    {"^ln_f.", "norm."},
    {".ln_1.", ".norm1."},
    {".ln_2.", ".norm2."},
    {".attn.c_attn.", ".attn.qkv."},
    {".attn.c_proj.", ".attn.proj."},
    {".mlp.c_fc.", ".mlp.fc1."},
    {".mlp.c_proj.", ".mlp.fc2."},
};
constexpr Rename kGptNeox[] = {
    {"^embed_in.", "embeddings.word."},        {"^layers.", "blocks."},
    {"^final_layer_norm.", "norm."},           {".input_layernorm.", ".norm1."},
    {".post_attention_layernorm.", ".norm2."}, {".attention.query_key_value.", ".attn.qkv."},
    {".attention.dense.", ".attn.proj."},      {".mlp.dense_h_to_4h.", ".mlp.fc1."},
    {".mlp.dense_4h_to_h.", ".mlp.fc2."},
};
constexpr Rename kLlama[] = {
    {"^embed_tokens.", "embeddings.word."}, {"^layers.", "blocks."},
    {".input_layernorm.", ".norm1."},       {".post_attention_layernorm.", ".norm2."},
    {".self_attn.q_proj.", ".attn.q."},     {".self_attn.k_proj.", ".attn.k."},
    {".self_attn.v_proj.", ".attn.v."},     {".self_attn.o_proj.", ".attn.proj."},
    {".mlp.gate_proj.", ".mlp.gate."},      {".mlp.up_proj.", ".mlp.up."},
    {".mlp.down_proj.", ".mlp.down."},
};

/// Ends of names of what is saved, and that no layer here computes with: masks and numbers of positions that any
/// program makes itself.
constexpr std::array<std::string_view, 7> kLeftOut{"position_ids",      "token_type_ids",  ".attn.bias",
                                                   "masked_bias",       ".attention.bias", "rotary_emb.inv_freq",
                                                   "embeddings.version"};

StateDict computed_with(const StateDict& weights) {
  StateDict kept;
  for (const auto& [name, tensor] : weights) {
    const bool left_out = name.starts_with("pooler.") ||
                          std::ranges::any_of(kLeftOut, [&](std::string_view end) { return name.ends_with(end); });
    if (!left_out) kept.set(name, tensor);
  }
  return kept;
}

/// Rows that lie as (heads, 3, head width) become (3, heads, head width).
Tensor sorted_by_part(const Tensor& tensor, std::int64_t heads) {
  const std::size_t block = tensor.byte_size() / to_size(3 * heads);
  TensorBuffer buffer(tensor.dtype(), tensor.shape());
  for (std::size_t part = 0; part < 3; ++part)
    for (std::size_t head = 0; head < to_size(heads); ++head)
      std::memcpy(buffer.data() + (part * to_size(heads) + head) * block, tensor.data() + (head * 3 + part) * block,
                  block);
  return std::move(buffer).freeze();
}

StateDict translate_bert(const StateDict& weights, const Blueprint& /*blueprint*/) {
  return with_joined_attention(renamed(computed_with(weights), kBert));
}

StateDict translate_distilbert(const StateDict& weights, const Blueprint& /*blueprint*/) {
  return with_joined_attention(renamed(computed_with(weights), kDistilbert));
}

StateDict translate_gpt2(const StateDict& weights, const Blueprint& /*blueprint*/) {
  StateDict ours;
  for (const auto& [name, tensor] : renamed(computed_with(weights), kGpt2)) {
    const bool dense = name.find(".attn.") != std::string::npos || name.find(".mlp.") != std::string::npos;
    ours.set(name, dense && tensor.shape().size() == 2 ? turned_matrix(tensor) : tensor);
  }
  return ours;
}

StateDict translate_gpt_neox(const StateDict& weights, const Blueprint& blueprint) {
  const std::int64_t heads = infer_shapes(blueprint).at("blocks.0.attn.scores").shape.at(1).size;
  StateDict ours;
  for (const auto& [name, tensor] : renamed(computed_with(weights), kGptNeox)) {
    const bool joined =
        name.find(".attn.qkv.") != std::string::npos && !tensor.shape().empty() && tensor.shape()[0] % (3 * heads) == 0;
    ours.set(name, joined ? sorted_by_part(tensor, heads) : tensor);
  }
  return ours;
}

StateDict translate_llama(const StateDict& weights, const Blueprint& /*blueprint*/) {
  return renamed(computed_with(weights), kLlama);
}

bool recognises_bert(const StateDict& weights) {
  return weights.contains("embeddings.word_embeddings.weight") &&
         weights.contains("encoder.layer.0.attention.self.query.weight");
}
bool recognises_distilbert(const StateDict& weights) {
  return weights.contains("embeddings.word_embeddings.weight") &&
         weights.contains("transformer.layer.0.attention.q_lin.weight");
}
bool recognises_gpt2(const StateDict& weights) {
  return weights.contains("wte.weight") && weights.contains("h.0.attn.c_attn.weight");
}
bool recognises_gpt_neox(const StateDict& weights) {
  return weights.contains("embed_in.weight") && weights.contains("layers.0.attention.query_key_value.weight");
}
bool recognises_llama(const StateDict& weights) {
  return weights.contains("embed_tokens.weight") && weights.contains("layers.0.self_attn.q_proj.weight");
}

constexpr NameTable kTables[] = {
    {"transformers_bert", recognises_bert, translate_bert},
    {"transformers_distilbert", recognises_distilbert, translate_distilbert},
    {"transformers_gpt2", recognises_gpt2, translate_gpt2},
    {"transformers_gpt_neox", recognises_gpt_neox, translate_gpt_neox},
    {"transformers_llama", recognises_llama, translate_llama},
};

}  // namespace

std::span<const NameTable> language_model_names() { return kTables; }

}  // namespace enxerto
