#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
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
    const at::Generator generator = at::detail::createCPUGenerator(mixed(call.mode.seed, position));
    at::Tensor mask = at::empty_like(x, x.options().device(at::kCPU).requires_grad(false));
    mask.bernoulli_(1 - ratio, generator).div_(1 - ratio);
    call.out[0] = at::mul(x, mask.to(x.device()));
  };
}

constexpr std::array kChanceOperators{OperatorRow{"Dropout", dropout}};

}  // namespace

std::span<const OperatorRow> chance_operators() { return kChanceOperators; }

}  // namespace enxerto
