#include "enxerto/pretrained/names_encoder_decoder.h"

#include <string_view>
#include <utility>

#include "enxerto/pretrained/rename.h"

namespace enxerto {
namespace {

constexpr Rename kLayersSinceBart[] = {
    {"^encoder.layers.", "encoder."},
    {"^decoder.layers.", "decoder."},
    {".self_attn.q_proj.", ".attn.q."},
    {".self_attn.k_proj.", ".attn.k."},
    {".self_attn.v_proj.", ".attn.v."},
    {".self_attn.out_proj.", ".attn.proj."},
    {".encoder_attn.q_proj.", ".cross.q."},
    {".encoder_attn.k_proj.", ".cross.k."},
    {".encoder_attn.v_proj.", ".cross.v."},
    {".encoder_attn.out_proj.", ".cross.proj."},
    {".self_attn_layer_norm.", ".norm1."},
    {".encoder_attn_layer_norm.", ".norm2."},
    {".fc1.", ".mlp.fc1."},
    {".fc2.", ".mlp.fc2."},
};

}  // namespace

std::string encoder_decoder_name(std::string name) {
  std::string ours = renamed(std::move(name), kLayersSinceBart);
  constexpr std::string_view kFinal = ".final_layer_norm.";  // behind two norms, or, in a decoder, three
  if (const std::size_t at = ours.find(kFinal); at != std::string::npos)
    ours.replace(at, kFinal.size(), ours.starts_with("encoder.") ? ".norm2." : ".norm3.");
  return ours;
}

}  // namespace enxerto
