#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include "enxerto/engine/torch/fused_lstm.h"
#include "enxerto/engine/torch/operator.h"
#include "enxerto/engine/torch/products.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/recurrent.h"

namespace enxerto {
namespace {

constexpr std::size_t kX = 0, kW = 1, kR = 2, kB = 3, kLengths = 4, kInitialH = 5, kInitialC = 6;

/// What the node says, and where LibTorch has each of ONNX's gates.
struct Recurrent {
  std::int64_t directions = 1;
  bool reverse = false;
  Ints gates;
};

Recurrent recurrent_of(const Site& site, Ints gates) {
  return {.directions = recurrent_directions(site.node),
          .reverse = attribute<std::string>(site.node, "direction", "forward") == "reverse",
          .gates = std::move(gates)};
}

/// The values of one run: rows (length, batch, features), states (directions, batch, hidden).
struct Sequences {
  at::Tensor rows, h, c;
};

const at::Tensor* given(const Call& call, std::size_t slot) {
  return slot < call.in.size() && call.in[slot].defined() ? &call.in[slot] : nullptr;
}

/// The lengths, on the processor; nothing where every example is as long as the batch.
std::optional<at::Tensor> lengths_of(const Call& call) {
  const at::Tensor* const found = given(call, kLengths);
  if (found == nullptr || found->numel() == 0) return std::nullopt;
  const std::int64_t whole = call.in[kX].size(0);
  at::Tensor lengths = found->to(at::kCPU, at::kLong);
  const auto [least, most] = at::aminmax(lengths);
  TORCH_CHECK(least.item<std::int64_t>() >= 0 && most.item<std::int64_t>() <= whole, "lengths from ",
              least.item<std::int64_t>(), " to ", most.item<std::int64_t>(), " in a batch of length ", whole);
  if (least.item<std::int64_t>() == whole) return std::nullopt;
  return lengths;
}

/// The type of the weights: autocast may have made the rows narrower.
Sequences entering(const Call& call, const Recurrent& layer) {
  const at::Tensor& r = call.in[kR];
  const at::Tensor rows = call.in[kX].to(r.scalar_type());
  const auto state = [&](std::size_t slot) {
    const at::Tensor* const found = given(call, slot);
    return found == nullptr ? at::zeros({layer.directions, rows.size(1), r.size(2)}, rows.options())
                            : found->to(r.scalar_type());
  };
  return {.rows = rows, .h = state(kInitialH), .c = state(kInitialC)};
}

at::Tensor in_order(const at::Tensor& rows, const Ints& gates) {
  if (gates.size() == 1) return rows;
  const std::vector<at::Tensor> parts = at::chunk(rows, static_cast<std::int64_t>(gates.size()), 0);
  std::vector<at::Tensor> ordered;
  ordered.reserve(gates.size());
  for (const std::int64_t gate : gates) ordered.push_back(parts.at(static_cast<std::size_t>(gate)));
  return at::cat(ordered, 0);
}

/// As LibTorch has them: W, R and two biases of each direction.
std::vector<at::Tensor> weights_of(const Call& call, const Recurrent& layer) {
  std::vector<at::Tensor> all;
  const at::Tensor* const bias = given(call, kB);
  for (std::int64_t i = 0; i < layer.directions; ++i) {
    all.push_back(in_order(call.in[kW].select(0, i), layer.gates));
    all.push_back(in_order(call.in[kR].select(0, i), layer.gates));
    if (bias == nullptr) continue;
    for (const at::Tensor& half : at::chunk(bias->select(0, i), 2, 0)) all.push_back(in_order(half, layer.gates));
  }
  return all;
}

/// Each example turned round inside its length; what is behind stays.
at::Tensor turned(const at::Tensor& rows, const std::optional<at::Tensor>& lengths) {
  if (!lengths) return rows.flip(0);
  const at::Tensor places = at::arange(rows.size(0), lengths->options()).unsqueeze(1);
  const at::Tensor back = at::sub(at::sub(lengths->unsqueeze(0), 1), places);
  const at::Tensor from = at::where(at::ge(back, 0), back, places).to(rows.device());
  return at::gather(rows, 0, from.unsqueeze(2).expand_as(rows));
}

/// A layer of LibTorch's on the rows of a batch, or on packed ones.
using Layer = Sequences (*)(const Sequences& in, const at::Tensor* sizes, const std::vector<at::Tensor>& weights,
                            bool bidirectional);

/// The longest example first, as packed rows have it.
Sequences run_packed(Layer layer, const Sequences& in, const at::Tensor& lengths, const Call& call,
                     const Recurrent& recurrent) {
  const at::Device device = in.rows.device();
  const at::Tensor order = at::argsort(lengths, /*stable=*/true, 0, /*descending=*/true);
  const at::Tensor there = order.to(device), back = at::argsort(order).to(device);
  const auto [data, sizes] = at::_pack_padded_sequence(at::index_select(in.rows, 1, there),
                                                       at::index_select(at::clamp_min(lengths, 1), 0, order), false);
  const Sequences packed{data, at::index_select(in.h, 1, there), at::index_select(in.c, 1, there)};
  Sequences out = layer(packed, &sizes, weights_of(call, recurrent), recurrent.directions == 2);
  const at::Tensor rows = std::get<0>(at::_pad_packed_sequence(out.rows, sizes, false, 0, in.rows.size(0)));
  const at::Tensor is_there = at::gt(lengths, 0).to(device).view({1, -1, 1});
  const auto state = [&](const at::Tensor& after, const at::Tensor& before) {
    return after.defined() ? at::where(is_there, at::index_select(after, 1, back), before) : after;
  };
  return {.rows = at::mul(at::index_select(rows, 1, back), is_there), .h = state(out.h, in.h), .c = state(out.c, in.c)};
}

/// (length, batch, directions * hidden) as ONNX has it.
void hand_out(Call& call, const Sequences& out, std::int64_t directions) {
  const std::array<at::Tensor, 3> values{
      out.rows.reshape({out.rows.size(0), out.rows.size(1), directions, -1}).transpose(1, 2), out.h, out.c};
  for (std::size_t i = 0; i < call.out.size(); ++i) call.out[i] = values.at(i);
}

Operation run_by(Layer layer, Recurrent recurrent) {
  return [layer, recurrent = std::move(recurrent)](Call& call) {
    const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
    const std::optional<at::Tensor> lengths = lengths_of(call);
    Sequences in = entering(call, recurrent);
    if (recurrent.reverse) in.rows = turned(in.rows, lengths);
    Sequences out = lengths ? run_packed(layer, in, *lengths, call, recurrent)
                            : layer(in, nullptr, weights_of(call, recurrent), recurrent.directions == 2);
    if (recurrent.reverse) out.rows = turned(out.rows, lengths);
    hand_out(call, out, recurrent.directions);
  };
}

bool has_biases(const std::vector<at::Tensor>& weights, bool bidirectional) {
  return weights.size() == (bidirectional ? 8 : 4);
}

Sequences lstm_layer(const Sequences& in, const at::Tensor* sizes, const std::vector<at::Tensor>& weights, bool both) {
  const bool biases = has_biases(weights, both), train = at::GradMode::is_enabled();
  const std::array<at::Tensor, 2> states{in.h, in.c};
  auto [rows, h, c] = sizes == nullptr ? at::lstm(in.rows, states, weights, biases, 1, 0, train, both, false)
                                       : at::lstm(in.rows, *sizes, states, weights, biases, 1, 0, train, both);
  return {.rows = rows, .h = h, .c = c};
}

Sequences gru_layer(const Sequences& in, const at::Tensor* sizes, const std::vector<at::Tensor>& weights, bool both) {
  const bool biases = has_biases(weights, both), train = at::GradMode::is_enabled();
  auto [rows, h] = sizes == nullptr ? at::gru(in.rows, in.h, weights, biases, 1, 0, train, both, false)
                                    : at::gru(in.rows, *sizes, in.h, weights, biases, 1, 0, train, both);
  return {.rows = rows, .h = h, .c = {}};
}

Sequences rnn_layer(const Sequences& in, const at::Tensor* sizes, const std::vector<at::Tensor>& weights, bool both) {
  const bool biases = has_biases(weights, both), train = at::GradMode::is_enabled();
  auto [rows, h] = sizes == nullptr ? at::rnn_tanh(in.rows, in.h, weights, biases, 1, 0, train, both, false)
                                    : at::rnn_tanh(in.rows, *sizes, in.h, weights, biases, 1, 0, train, both);
  return {.rows = rows, .h = h, .c = {}};
}

/// One direction of a GRU whose reset gate comes before the product (linear_before_reset 0, Cho et al. 2014), which
/// LibTorch does not have: step by step, the state held where an example is over.
std::pair<at::Tensor, at::Tensor> gru_steps(const Call& call, const Sequences& in, std::int64_t direction,
                                            bool backwards, const std::optional<at::Tensor>& lengths) {
  const at::Tensor r = call.in[kR].select(0, direction).t();
  const std::int64_t hidden = r.size(0), length = in.rows.size(0);
  at::Tensor inputs = at::matmul(in.rows, call.in[kW].select(0, direction).t());
  if (const at::Tensor* const bias = given(call, kB); bias != nullptr)
    inputs = at::add(inputs, bias->select(0, direction).view({2, -1}).sum(0));
  const at::Tensor gates = r.slice(1, 0, 2 * hidden), candidate = r.slice(1, 2 * hidden);
  const at::Tensor ends = lengths ? lengths->to(r.device()).unsqueeze(1) : at::Tensor();
  at::Tensor h = in.h.select(0, direction);
  std::vector<at::Tensor> rows(static_cast<std::size_t>(length));
  for (std::int64_t step = 0; step < length; ++step) {
    const std::int64_t place = backwards ? length - 1 - step : step;
    const at::Tensor input = inputs.select(0, place);
    const at::Tensor zr = at::sigmoid(at::add(input.slice(1, 0, 2 * hidden), at::matmul(h, gates)));
    const at::Tensor z = zr.slice(1, 0, hidden), reset = at::mul(zr.slice(1, hidden), h);
    const at::Tensor n = at::tanh(at::add(input.slice(1, 2 * hidden), at::matmul(reset, candidate)));
    const at::Tensor next = at::add(n, at::mul(z, at::sub(h, n)));
    const at::Tensor is_there = lengths ? at::gt(ends, place) : at::Tensor();
    h = lengths ? at::where(is_there, next, h) : next;
    rows[static_cast<std::size_t>(place)] = lengths ? at::mul(next, is_there) : next;
  }
  return {at::stack(rows, 0), h};
}

Operation gru_step_by_step(Recurrent recurrent) {
  return [recurrent = std::move(recurrent)](Call& call) {
    const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
    const std::optional<at::Tensor> lengths = lengths_of(call);
    const Sequences in = entering(call, recurrent);
    std::vector<at::Tensor> rows, states;
    for (std::int64_t i = 0; i < recurrent.directions; ++i) {
      const bool backwards = recurrent.reverse || i == 1;
      auto [of_direction, state] = gru_steps(call, in, i, backwards, lengths);
      rows.push_back(std::move(of_direction));
      states.push_back(std::move(state));
    }
    hand_out(call, {.rows = at::cat(rows, 2), .h = at::stack(states, 0), .c = {}}, recurrent.directions);
  };
}

/// By the kernels of this engine, which have ONNX's order of the gates.
void run_fused(Call& call, const Recurrent& recurrent) {
  const bool narrow = at::autocast::is_autocast_enabled(at::kCPU);
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
  const std::optional<at::Tensor> lengths = lengths_of(call);
  const Sequences in = entering(call, recurrent);
  const at::Tensor* const bias = given(call, kB);
  std::vector<at::Tensor> rows, states, cells;
  for (std::int64_t i = 0; i < recurrent.directions; ++i) {
    const bool backwards = recurrent.reverse || i == 1;
    LstmResult of_direction = fused_lstm({.rows = backwards ? turned(in.rows, lengths) : in.rows,
                                          .weight = call.in[kW].select(0, i),
                                          .recurrent = call.in[kR].select(0, i),
                                          .bias = bias == nullptr ? std::nullopt : std::optional(bias->select(0, i)),
                                          .states = in.h.select(0, i),
                                          .cells = in.c.select(0, i),
                                          .lengths = lengths,
                                          .narrow = narrow});
    rows.push_back(backwards ? turned(of_direction.rows, lengths) : std::move(of_direction.rows));
    states.push_back(std::move(of_direction.states));
    cells.push_back(std::move(of_direction.cells));
  }
  hand_out(call, {.rows = at::cat(rows, 2), .h = at::stack(states, 0), .c = at::stack(cells, 0)}, recurrent.directions);
}

/// ONNX has the gates i o f c, LibTorch i f c o.
Operation lstm(const Site& site) {
  Recurrent recurrent = recurrent_of(site, {0, 2, 3, 1});
  return [elsewhere = run_by(lstm_layer, recurrent), recurrent](Call& call) {
    const at::Tensor* const bias = given(call, kB);
    const bool plain = is_plain_float(call.in[kR]) && is_plain_float(call.in[kW]) && call.in[kX].device().is_cpu() &&
                       (bias == nullptr || is_plain_float(*bias));
    plain ? run_fused(call, recurrent) : elsewhere(call);
  };
}

/// ONNX has the gates z r h, LibTorch r z h.
Operation gru(const Site& site) {
  Recurrent recurrent = recurrent_of(site, {1, 0, 2});
  const bool after_product = attribute<std::int64_t>(site.node, "linear_before_reset", 0) != 0;
  return after_product ? run_by(gru_layer, std::move(recurrent)) : gru_step_by_step(std::move(recurrent));
}

Operation rnn(const Site& site) { return run_by(rnn_layer, recurrent_of(site, {0})); }

constexpr std::array kRecurrentOperators{OperatorRow{"LSTM", lstm}, OperatorRow{"GRU", gru}, OperatorRow{"RNN", rnn}};

}  // namespace

std::span<const OperatorRow> recurrent_operators() { return kRecurrentOperators; }

}  // namespace enxerto
