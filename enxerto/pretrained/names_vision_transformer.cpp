#include "enxerto/pretrained/names_vision_transformer.h"

#include <algorithm>
#include <string>

#include "enxerto/media/image/preprocess.h"
#include "enxerto/pretrained/joined_attention.h"
#include "enxerto/pretrained/position_grid.h"
#include "enxerto/pretrained/rename.h"

namespace enxerto {
namespace {

constexpr std::string_view kPositions = "pos_embed", kMask = "mask_token";

constexpr Rename kTorchvision[] = {
    {"^conv_proj.", "patch_embed.proj."},
    {"^class_token", "cls_token"},
    {"^encoder.pos_embedding", "pos_embed"},
    {"^encoder.layers.encoder_layer_", "blocks."},
    {"^encoder.ln.", "norm."},
    {"^heads.head.", "head."},
    {".ln_1.", ".norm1."},
    {".ln_2.", ".norm2."},
    {".self_attention.in_proj_", ".attn.qkv."},
    {".self_attention.out_proj.", ".attn.proj."},
    {".mlp.0.", ".mlp.fc1."},
    {".mlp.3.", ".mlp.fc2."},
    {".mlp.linear_1.", ".mlp.fc1."},  // files from before torchvision 0.13
    {".mlp.linear_2.", ".mlp.fc2."},
};

// As files have them, then as modules are called since transformers 5.
constexpr Rename kTransformers[] = {
    {"^vit.", ""},
    {"^dinov2.", ""},
    {"^embeddings.cls_token", "cls_token"},
    {"^embeddings.distillation_token", "dist_token"},
    {"^embeddings.mask_token", "mask_token"},
    {"^embeddings.position_embeddings", "pos_embed"},
    {"^embeddings.patch_embeddings.projection.", "patch_embed.proj."},
    {"^encoder.layer.", "blocks."},
    {"^layers.", "blocks."},
    {"^layernorm.", "norm."},
    {"^classifier.", "head."},
    {".layernorm_before.", ".norm1."},
    {".layernorm_after.", ".norm2."},
    {".attention.attention.query.", ".attn.q."},
    {".attention.attention.key.", ".attn.k."},
    {".attention.attention.value.", ".attn.v."},
    {".attention.q_proj.", ".attn.q."},
    {".attention.k_proj.", ".attn.k."},
    {".attention.v_proj.", ".attn.v."},
    {".attention.output.dense.", ".attn.proj."},
    {".attention.o_proj.", ".attn.proj."},
    {".intermediate.dense.", ".mlp.fc1."},
    {".output.dense.", ".mlp.fc2."},
    {".layer_scale1.lambda1", ".ls1.gamma"},
    {".layer_scale2.lambda1", ".ls2.gamma"},
};

/// Without the mask token, and with a position for each patch of the network.
StateDict fitted(StateDict weights, const Blueprint& blueprint, PositionResampling how) {
  weights.erase(kMask);
  const Tensor* const positions = weights.find(kPositions);
  const auto wanted = std::find_if(blueprint.parameters.begin(), blueprint.parameters.end(),
                                   [](const ParameterSpec& spec) { return spec.name == kPositions; });
  if (positions != nullptr && wanted != blueprint.parameters.end())
    weights.set(std::string(kPositions), resample_positions(*positions, wanted->shape, how));
  return weights;
}

/// As many patches a side as there are positions, each of as many pixels as the first layer takes; 0 where the
/// positions are no grid.
int size_of_positions(const StateDict& weights, std::span<const Rename> table) {
  const Tensor *positions = nullptr, *patches = nullptr;
  for (const auto& [name, tensor] : weights) {
    const std::string ours = renamed(name, table);
    if (ours == kPositions) positions = &tensor;
    if (ours == "patch_embed.proj.weight") patches = &tensor;
  }
  if (positions == nullptr || patches == nullptr || patches->shape().size() != 4) return 0;
  const std::int64_t pixels = position_side(positions->shape()).value_or(0) * patches->shape()[3];
  return pixels > 0 && pixels <= kMaxInputSide ? static_cast<int>(pixels) : 0;
}

bool is_timms(const StateDict& weights) {
  return weights.contains("patch_embed.proj.weight") && weights.contains("blocks.0.attn.qkv.weight");
}

bool recognises_dinov2(const StateDict& weights) {
  return is_timms(weights) && weights.contains(kMask) && weights.contains("blocks.0.ls1.gamma");
}
StateDict translate_dinov2(const StateDict& weights, const Blueprint& blueprint) {
  return fitted(weights, blueprint, PositionResampling::offset_by_a_tenth);
}

StateDict translate_timm(const StateDict& weights, const Blueprint& blueprint) {
  return fitted(weights, blueprint, PositionResampling::antialiased);
}

bool recognises_torchvision_vit(const StateDict& weights) {
  return weights.contains("conv_proj.weight") && weights.contains("encoder.pos_embedding");
}
StateDict translate_torchvision_vit(const StateDict& weights, const Blueprint& blueprint) {
  return fitted(renamed(weights, kTorchvision), blueprint, PositionResampling::corners);
}

bool has_patch_embeddings(const StateDict& weights, std::string_view prefix) {
  return weights.contains(std::string(prefix) + "embeddings.patch_embeddings.projection.weight");
}

/// DINOv2 scales its layers; otherwise transformers names both alike.
bool has_layer_scale(const StateDict& weights) {
  return std::any_of(weights.begin(), weights.end(),
                     [](const auto& entry) { return entry.first.ends_with(".layer_scale1.lambda1"); });
}
/// Patches of one channel, and two class tokens.
bool recognises_transformers_ast(const StateDict& weights) {
  const Tensor* const patches = weights.find("embeddings.patch_embeddings.projection.weight");
  return weights.contains("embeddings.distillation_token") && patches != nullptr && patches->shape().size() == 4 &&
         patches->shape()[1] == 1;
}
StateDict translate_transformers_ast(const StateDict& weights, const Blueprint& /*blueprint*/) {
  return with_joined_attention(renamed(weights, kTransformers));
}

bool recognises_transformers_dinov2(const StateDict& weights) {
  return has_patch_embeddings(weights, "dinov2.") || (has_patch_embeddings(weights, "") && has_layer_scale(weights));
}
bool recognises_transformers_vit(const StateDict& weights) {
  return has_patch_embeddings(weights, "vit.") || (has_patch_embeddings(weights, "") && !has_layer_scale(weights));
}
StateDict translate_transformers(const StateDict& weights, const Blueprint& blueprint) {
  StateDict ours = fitted(with_joined_attention(renamed(weights, kTransformers)), blueprint, PositionResampling::plain);
  for (const char* part : {"weight", "bias"}) {
    for (const char* prefix : {"", "vit."}) ours.erase(std::string(prefix) + "pooler.dense." + part);
  }
  return ours;
}

/// transformers normalises a ViT with another epsilon than Google, timm and torchvision do.
void adapt_to_transformers(Blueprint& blueprint) {
  for (Node& node : blueprint.graph.nodes)
    if (node.op == "LayerNormalization") node.attributes["epsilon"] = 1e-12F;
}

int timm_size(const StateDict& weights) { return size_of_positions(weights, {}); }
int torchvision_size(const StateDict& weights) { return size_of_positions(weights, kTorchvision); }
int transformers_size(const StateDict& weights) { return size_of_positions(weights, kTransformers); }

// DINOv2 has positions for 518 px, but is used at 224 px by everybody.
constexpr NameTable kTables[] = {
    {"dinov2", recognises_dinov2, translate_dinov2},
    {"timm_vit", is_timms, translate_timm, nullptr, timm_size},
    {"torchvision_vit", recognises_torchvision_vit, translate_torchvision_vit, nullptr, torchvision_size},
    {"transformers_ast", recognises_transformers_ast, translate_transformers_ast},
    {"transformers_dinov2", recognises_transformers_dinov2, translate_transformers},
    {"transformers_vit", recognises_transformers_vit, translate_transformers, adapt_to_transformers, transformers_size},
};

}  // namespace

std::span<const NameTable> vision_transformer_names() { return kTables; }

}  // namespace enxerto
