#include <ATen/ATen.h>

#include <array>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

/// CTC (Graves et al. 2006) of scores (batch, frames, classes): minus the logarithm of the probability of all
/// alignments of an example's labels, of which those below 0 are none, with its frames. With `zero_infinity` an example
/// whose labels need more frames than it has teaches nothing, where it would be infinite.
Operation ctc_loss_of(const Site& site) {
  const auto blank = attribute<std::int64_t>(site.node, "blank", 0);
  const bool zero_infinity = attribute<std::int64_t>(site.node, "zero_infinity", 0) != 0;
  return [blank, zero_infinity](Call& call) {
    const at::Tensor logarithms = at::log_softmax(widened(call.in[0]), 2).transpose(0, 1);
    const at::Tensor counts = call.in[1].ge(0).sum(1), labels = call.in[1].clamp_min(0).contiguous();
    call.out[0] = at::ctc_loss(logarithms, labels, call.in[2], counts, blank, at::Reduction::None, zero_infinity);
  };
}

constexpr std::array kCtcOperators{OperatorRow{"CtcLoss", ctc_loss_of}};

}  // namespace

std::span<const OperatorRow> ctc_operators() { return kCtcOperators; }

}  // namespace enxerto
