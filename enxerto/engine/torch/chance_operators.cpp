#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/util/StringUtil.h>

#include <array>
#include <optional>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

/// SplitMix64's mixing (Steele, Lea, Flood 2014), so that neighbouring nodes and steps have nothing in common.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t position) {
  std::uint64_t x = seed + (position + 1) * 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

double ratio_of(const Site& site) {
  double ratio = static_cast<double>(attribute<float>(site.node, "ratio", 0.5F));
  if (const Tensor* const given = site.constant(1); given != nullptr && given->size() == 1)
    ratio =
        given->dtype() == DType::f64 ? given->as<double>()[0] : static_cast<double>(given->to_float32().as<float>()[0]);
  else if (site.has(1))
    refuse_node(site.node, "a ratio that is computed at run time", "a constant");
  if (!(ratio >= 0 && ratio < 1)) refuse_node(site.node, c10::str("a ratio of ", ratio), "0 to below 1");
  return ratio;
}

/// 1 / `kept` for a share `kept` of the places, and 0 for the others: two places a number of the generator, each by its
/// number alone, so that threads change nothing.
at::Tensor mask_like(const at::Tensor& x, double kept, std::uint64_t seed) {
  constexpr double kAll = 4294967296.0;  // values of 32 bits
  at::Tensor mask = at::empty_like(x, x.options().device(at::kCPU).dtype(at::kFloat).requires_grad(false));
  const auto below = static_cast<std::uint64_t>(kept * kAll);
  const auto factor = static_cast<float>(1 / kept);
  auto* const to = mask.mutable_data_ptr<float>();
  const std::int64_t count = mask.numel();
  at::parallel_for(0, (count + 1) / 2, 1 << 14, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t pair = begin; pair < end; ++pair) {
      const std::uint64_t bits = mixed(seed, static_cast<std::uint64_t>(pair));
      to[2 * pair] = (bits >> 32U) < below ? factor : 0;
      if (2 * pair + 1 < count) to[2 * pair + 1] = (bits & 0xFFFFFFFFU) < below ? factor : 0;
    }
  });
  return mask.to(x.scalar_type());
}

/// Active in training alone, whatever the third input says: a graph is the same in training and in prediction. The mask
/// is drawn on the processor, so that it does not depend on the device.
Operation dropout(const Site& site) {
  if (site.node.outputs.size() > 1) refuse_node(site.node, "the mask as an output", "the value alone");
  return [ratio = ratio_of(site), position = site.position](Call& call) {
    const at::Tensor& x = call.in[0];
    if (!call.mode.training || ratio == 0) {
      call.out[0] = x;
      return;
    }
    call.out[0] = at::mul(x, mask_like(x, 1 - ratio, mixed(call.mode.seed, position)).to(x.device()));
  };
}

constexpr std::array kChanceOperators{OperatorRow{"Dropout", dropout}};

}  // namespace

std::span<const OperatorRow> chance_operators() { return kChanceOperators; }

}  // namespace enxerto
