// Included by one source file an instruction set, which defines ENXERTO_TARGET before, and ENXERTO_SET, a namespace of
// its own.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "enxerto/engine/torch/lanes_kernel.h"
#include "enxerto/engine/torch/lstm_cells.h"

namespace enxerto::ENXERTO_SET {

ENXERTO_TARGET inline void load_some(Lanes& lanes, const float* from, std::int64_t count) {
  if (count >= kLanes) return load(lanes, from);
  lanes = Lanes{};
  std::memcpy(&lanes, from, static_cast<std::size_t>(count) * sizeof(float));
}

ENXERTO_TARGET inline void store_some(float* to, const Lanes& lanes, std::int64_t count) {
  std::memcpy(to, &lanes, static_cast<std::size_t>(std::min<std::int64_t>(count, kLanes)) * sizeof(float));
}

ENXERTO_TARGET inline void logistic(Lanes& x) {
  const Lanes zero = {};
  const WholeLanes positive = x >= zero;
  Lanes power = positive ? -x : x;
  exponential(power);
  const Lanes one = zero + 1.0F;
  // What is no number stays none: the diverged are to be seen.
  const WholeLanes number = x == x;  // NOLINT(misc-redundant-expression)
  x = number ? (positive ? one : power) / (one + power) : x;
}

ENXERTO_TARGET inline void hyperbolic(Lanes& x) {
  const Lanes zero = {};
  const WholeLanes positive = x >= zero;
  Lanes power = (positive ? -x : x) * 2.0F;
  exponential(power);
  const Lanes size = (1.0F - power) / (1.0F + power);
  const WholeLanes number = x == x;  // NOLINT(misc-redundant-expression)
  x = number ? (positive ? size : -size) : x;
}

/// Four gates of one row, `count` numbers each of them from `at`.
struct GateLanes {
  Lanes in, out, forget, candidate;

  ENXERTO_TARGET void read(const float* row, std::int64_t hidden, std::int64_t at) {
    load_some(in, row + at, hidden - at);
    load_some(out, row + hidden + at, hidden - at);
    load_some(forget, row + 2 * hidden + at, hidden - at);
    load_some(candidate, row + 3 * hidden + at, hidden - at);
  }
  ENXERTO_TARGET void add(const GateLanes& more) {
    in = in + more.in;
    out = out + more.out;
    forget = forget + more.forget;
    candidate = candidate + more.candidate;
  }
  ENXERTO_TARGET void write(float* row, std::int64_t hidden, std::int64_t at) const {
    store_some(row + at, in, hidden - at);
    store_some(row + hidden + at, out, hidden - at);
    store_some(row + 2 * hidden + at, forget, hidden - at);
    store_some(row + 3 * hidden + at, candidate, hidden - at);
  }
};

ENXERTO_TARGET inline void forward_cells(const LstmStep& step, std::int64_t rows) {
  const std::int64_t hidden = step.hidden;
  for (std::int64_t row = 0; row < rows; ++row) {
    float* const gates = step.gates + row * 4 * hidden;
    for (std::int64_t at = 0; at < hidden; at += kLanes) {
      const std::int64_t place = row * hidden + at, count = hidden - at;
      GateLanes gate, more;
      gate.read(gates, hidden, at);
      more.read(step.of_states + row * 4 * hidden, hidden, at);
      gate.add(more);
      logistic(gate.in);
      logistic(gate.out);
      logistic(gate.forget);
      hyperbolic(gate.candidate);
      gate.write(gates, hidden, at);
      Lanes cell;
      load_some(cell, step.before + place, count);
      cell = gate.forget * cell + gate.in * gate.candidate;
      store_some(step.cells + place, cell, count);
      hyperbolic(cell);
      cell = cell * gate.out;
      store_some(step.states + place, cell, count);
    }
  }
}

ENXERTO_TARGET inline void backward_cells(const LstmChange& change, std::int64_t rows) {
  const std::int64_t hidden = change.hidden;
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* const gates = change.gates + row * 4 * hidden;
    for (std::int64_t at = 0; at < hidden; at += kLanes) {
      const std::int64_t place = row * hidden + at, count = hidden - at;
      GateLanes gate;
      gate.read(gates, hidden, at);
      Lanes said, of_state, of_cell, before;
      load_some(of_state, change.of_states + place, count);
      if (change.of_outputs != nullptr) {
        Lanes more;
        load_some(more, change.of_outputs + place, count);
        of_state = of_state + more;
      }
      load_some(said, change.cells + place, count);
      hyperbolic(said);
      load_some(of_cell, change.of_cells + place, count);
      of_cell = of_cell + of_state * gate.out * (1.0F - said * said);
      load_some(before, change.before + place, count);
      GateLanes of_gate;
      of_gate.in = of_cell * gate.candidate * gate.in * (1.0F - gate.in);
      of_gate.out = of_state * said * gate.out * (1.0F - gate.out);
      of_gate.forget = of_cell * before * gate.forget * (1.0F - gate.forget);
      of_gate.candidate = of_cell * gate.in * (1.0F - gate.candidate * gate.candidate);
      of_gate.write(change.of_gates + row * 4 * hidden, hidden, at);
      of_cell = of_cell * gate.forget;
      store_some(change.of_cells + place, of_cell, count);
    }
  }
}

}  // namespace enxerto::ENXERTO_SET
