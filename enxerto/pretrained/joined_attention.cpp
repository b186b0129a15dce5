#include "enxerto/pretrained/joined_attention.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace enxerto {
namespace {

/// The rows of three tensors of one shape, one below the other.
Tensor stacked(const std::array<const Tensor*, 3>& parts) {
  Shape shape = parts[0]->shape();
  shape[0] *= 3;
  TensorBuffer buffer(parts[0]->dtype(), shape);
  std::byte* to = buffer.data();
  for (const Tensor* part : parts) to = std::copy(part->bytes().begin(), part->bytes().end(), to);
  return std::move(buffer).freeze();
}

}  // namespace

StateDict with_joined_attention(const StateDict& weights) {
  constexpr std::string_view kQuery = ".attn.q.";
  StateDict joined = weights;
  for (const auto& [name, query] : weights) {
    const std::size_t at = name.find(kQuery);
    if (at == std::string::npos || query.shape().empty() || query.size() == 0) continue;
    const auto sibling = [&](std::string_view part) { return std::string(name).replace(at, kQuery.size(), part); };
    const Tensor *const key = weights.find(sibling(".attn.k.")), *const value = weights.find(sibling(".attn.v."));
    const auto equal = [&of = query](const Tensor* other) {
      return other != nullptr && other->shape() == of.shape() && other->dtype() == of.dtype();
    };
    if (!equal(key) || !equal(value)) continue;
    joined.set(sibling(".attn.qkv."), stacked({&query, key, value}));
    for (const std::string_view part : {".attn.q.", ".attn.k.", ".attn.v."}) joined.erase(sibling(part));
  }
  return joined;
}

}  // namespace enxerto
