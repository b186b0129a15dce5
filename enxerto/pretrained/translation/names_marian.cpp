#include "enxerto/pretrained/translation/names_marian.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/pretrained/joined_attention.h"
#include "enxerto/pretrained/names_encoder_decoder.h"
#include "enxerto/pretrained/rename.h"
#include "enxerto/pretrained/turned_matrix.h"

namespace enxerto {
namespace {

constexpr Rename kMarianMt[] = {
    {"^model.", ""},
    {"^final_logits_bias", "head.words.bias"},
    {"^lm_head.", "head.words."},
    {"^encoder.embed_tokens.", "embeddings.word."},
    {"^decoder.embed_tokens.", "decoder.embeddings.word."},
    {"^shared.", "embeddings.word."},
};

/// What Marian calls the parts of a layer, behind "encoder_l1_".
constexpr Rename kOwnParts[] = {
    {"^self_Wo_ln_", "norm1."},           {"^rnn_ffn_ln_", "norm1."},
    {"^context_Wo_ln_", "norm2."},        {"^ffn_ffn_ln_", "last."},
    {"^self_Wq", "attn.q.weight"},        {"^self_bq", "attn.q.bias"},
    {"^self_Wk", "attn.k.weight"},        {"^self_bk", "attn.k.bias"},
    {"^self_Wv", "attn.v.weight"},        {"^self_bv", "attn.v.bias"},
    {"^self_Wo", "attn.proj.weight"},     {"^self_bo", "attn.proj.bias"},
    {"^context_Wq", "cross.q.weight"},    {"^context_bq", "cross.q.bias"},
    {"^context_Wk", "cross.k.weight"},    {"^context_bk", "cross.k.bias"},
    {"^context_Wv", "cross.v.weight"},    {"^context_bv", "cross.v.bias"},
    {"^context_Wo", "cross.proj.weight"}, {"^context_bo", "cross.proj.bias"},
    {"^ffn_W1", "mlp.fc1.weight"},        {"^ffn_b1", "mlp.fc1.bias"},
    {"^ffn_W2", "mlp.fc2.weight"},        {"^ffn_b2", "mlp.fc2.bias"},
    {"^rnn_Wf", "rnn.gate.weight"},       {"^rnn_bf", "rnn.gate.bias"},
    {"^rnn_W", "rnn.input.weight"},       {".scale", ".weight"},
};

/// "encoder.0.attn.q.weight" of "encoder_l1_self_Wq"; others as they are.
std::string own_name(const std::string& name) {
  constexpr std::size_t kSide = 7;  // "encoder", "decoder"
  const std::string side = name.substr(0, kSide);
  if ((side != "encoder" && side != "decoder") || name.compare(kSide, 2, "_l") != 0) return name;
  const char* const begin = name.data() + kSide + 2;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(begin, name.data() + name.size(), number);
  if (error != std::errc() || number < 1 || end == name.data() + name.size() || *end != '_') return name;
  std::string part = renamed(std::string(end + 1), kOwnParts);
  if (part.starts_with("last.")) part.replace(0, 4, side == "encoder" ? "norm2" : "norm3");
  return fmt::format("{}.{}.{}", side, number - 1, part);
}

bool is_row(const Tensor& tensor) { return tensor.shape().size() == 2 && tensor.shape()[0] == 1; }

Tensor as_vector(const Tensor& tensor) { return is_row(tensor) ? tensor.reshaped({tensor.shape()[1]}) : tensor; }

}  // namespace

StateDict from_marian_mt(const StateDict& weights, bool one_table, bool own_output) {
  StateDict ours;
  for (const auto& [name, tensor] : weights) {
    const std::string known = encoder_decoder_name(renamed(name, kMarianMt));
    const bool again = one_table && known.starts_with("decoder.embeddings.word.");
    const bool computed = known.find("embed_positions.") != std::string::npos;
    if (again || computed || (!own_output && known == "head.words.weight") || ours.contains(known)) continue;
    ours.set(known, known == "head.words.bias" ? as_vector(tensor) : tensor);
  }
  return with_joined_attention(ours);
}

StateDict from_own_marian(const StateDict& weights) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kWhole{
      {{"Wemb", "embeddings.word.weight"},
       {"encoder_Wemb", "embeddings.word.weight"},
       {"decoder_Wemb", "decoder.embeddings.word.weight"},
       {"decoder_ff_logit_out_b", "head.words.bias"},
       {"decoder_ff_logit_out_W", "head.words.weight"},
       {"decoder_ff_logit_out_Wt", "head.words.weight"}}};
  StateDict ours;
  for (const auto& [name, tensor] : weights) {
    const auto* const whole = std::ranges::find(kWhole, name, &std::pair<std::string_view, std::string_view>::first);
    const bool table = whole != kWhole.end() && name != "decoder_ff_logit_out_W";
    const std::string known = whole != kWhole.end() ? std::string(whole->second) : own_name(name);
    const bool matrix = tensor.shape().size() == 2 && !is_row(tensor) && !table;
    ours.set(known, matrix ? turned_matrix(tensor.to_float32()) : as_vector(tensor));
  }
  return with_joined_attention(ours);
}

}  // namespace enxerto
