#include "enxerto/pretrained/translation/names_t5.h"

#include <string>

#include "enxerto/pretrained/joined_attention.h"
#include "enxerto/pretrained/rename.h"

namespace enxerto {
namespace {

constexpr Rename kT5[] = {
    {"^shared.", "embeddings.word."},
    {"^lm_head.", "head.words."},
    {"^encoder.final_layer_norm.", "encoder.norm."},
    {"^decoder.final_layer_norm.", "decoder.norm."},
    {"^encoder.block.0.layer.0.SelfAttention.relative_attention_bias.", "encoder.distance."},
    {"^decoder.block.0.layer.0.SelfAttention.relative_attention_bias.", "decoder.distance."},
    {"coder.block.", "coder."},
    {".layer.0.layer_norm.", ".norm1."},
    {".layer.1.layer_norm.", ".norm2."},
    {".layer.2.layer_norm.", ".norm3."},
    {".layer.0.SelfAttention.q.", ".attn.q."},
    {".layer.0.SelfAttention.k.", ".attn.k."},
    {".layer.0.SelfAttention.v.", ".attn.v."},
    {".layer.0.SelfAttention.o.", ".attn.proj."},
    {".layer.1.EncDecAttention.q.", ".cross.q."},
    {".layer.1.EncDecAttention.k.", ".cross.k."},
    {".layer.1.EncDecAttention.v.", ".cross.v."},
    {".layer.1.EncDecAttention.o.", ".cross.proj."},
    {".layer.1.DenseReluDense.", ".mlp."},
    {".layer.2.DenseReluDense.", ".mlp."},
    {".mlp.wi.", ".mlp.fc1."},
    {".mlp.wi_0.", ".mlp.fc1."},
    {".mlp.wi_1.", ".mlp.gate."},
    {".mlp.wo.", ".mlp.fc2."},
};

/// Saved beside what it is equal to, or not used: T5's old files have a table of distances of cross-attention.
bool left_out(const std::string& name, bool own_output) {
  return name.ends_with(".embed_tokens.weight") || name.ends_with(".EncDecAttention.relative_attention_bias.weight") ||
         (!own_output && name == "lm_head.weight");
}

}  // namespace

StateDict from_t5(const StateDict& weights, bool own_output) {
  StateDict ours;
  for (const auto& [name, tensor] : weights)
    if (!left_out(name, own_output)) ours.set(renamed(name, kT5), tensor);
  return with_joined_attention(ours);
}

}  // namespace enxerto
