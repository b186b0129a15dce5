#include "enxerto/engine/torch/fused_lstm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "enxerto/engine/torch/lstm_cells.h"
#include "enxerto/engine/torch/products.h"

namespace enxerto {
namespace {

constexpr std::int64_t kNumbersAThread = 8192;  // of cells: fewer are not worth another thread

// Products of few different sizes: the library writes a program for each size that it has not seen.
constexpr std::int64_t kRowsOfStep = 8, kRowsOfAll = 64;

std::int64_t rounded_up(std::int64_t count, std::int64_t unit) { return (count + unit - 1) / unit * unit; }

/// Which examples are there at each step, the longest first, and where their rows lie: step after step.
class PackedSteps {
 public:
  PackedSteps(std::int64_t length, std::int64_t batch, const at::Tensor& lengths) {
    order_.resize(static_cast<std::size_t>(batch));
    std::iota(order_.begin(), order_.end(), 0);
    std::vector<std::int64_t> longs(order_.size(), length);
    if (lengths.defined()) {
      const at::Tensor on_processor = lengths.to(at::kCPU, at::kLong).contiguous();
      std::copy_n(on_processor.const_data_ptr<std::int64_t>(), longs.size(), longs.begin());
      std::ranges::stable_sort(order_, std::greater(),
                               [&](std::int64_t i) { return longs[static_cast<std::size_t>(i)]; });
    }
    std::int64_t there = batch;
    for (std::int64_t step = 0; step < length; ++step) {
      while (there > 0 && longs[static_cast<std::size_t>(order_[static_cast<std::size_t>(there - 1)])] <= step) --there;
      if (there == 0) break;
      firsts_.push_back(rows());
      counts_.push_back(there);
      for (std::int64_t i = 0; i < there; ++i) places_.push_back(step * batch + order_[static_cast<std::size_t>(i)]);
    }
    filled_ = places_;
    if (!filled_.empty()) filled_.resize(static_cast<std::size_t>(rounded_up(rows(), kRowsOfAll)), 0);
  }

  std::int64_t steps() const { return static_cast<std::int64_t>(counts_.size()); }
  std::int64_t rows() const { return static_cast<std::int64_t>(places_.size()); }

  /// With some at the end that count for nothing.
  std::int64_t all_rows() const { return static_cast<std::int64_t>(filled_.size()); }
  std::int64_t first(std::int64_t step) const { return firsts_[static_cast<std::size_t>(step)]; }
  std::int64_t count(std::int64_t step) const { return counts_[static_cast<std::size_t>(step)]; }

  /// A few more, which the step before has, and whose products are of no use.
  std::int64_t more_than_count(std::int64_t step) const {
    const std::int64_t most = step == 0 ? static_cast<std::int64_t>(order_.size()) : count(step - 1);
    return std::min(rounded_up(count(step), kRowsOfStep), most);
  }

  /// Numbers of the rows among (length * batch), the same of `all_rows`, and of the examples.
  at::Tensor places() const { return at::tensor(places_, at::kLong); }
  at::Tensor all_places() const { return at::tensor(filled_, at::kLong); }
  at::Tensor order() const { return at::tensor(order_, at::kLong); }

 private:
  std::vector<std::int64_t> order_, places_, filled_, firsts_, counts_;
};

/// The rows of a batch (length, batch, n) that are there.
at::Tensor packed(const at::Tensor& rows, const at::Tensor& places) {
  return at::index_select(rows.reshape({-1, rows.size(2)}), 0, places);
}

/// 0 in those that count for nothing.
at::Tensor with_zeros_at_the_end(at::Tensor rows, const PackedSteps& steps) {
  rows.narrow(0, steps.rows(), steps.all_rows() - steps.rows()).zero_();
  return rows;
}

/// Back to (length, batch, n), 0 where there are none.
at::Tensor unpacked(const at::Tensor& rows, const at::Tensor& places, std::int64_t length, std::int64_t batch) {
  return at::zeros({length * batch, rows.size(1)}, rows.options())
      .index_copy_(0, places, rows.narrow(0, 0, places.size(0)))
      .view({length, batch, rows.size(1)});
}

/// (batch, n) in the order of the examples, back from that of their lengths.
at::Tensor in_place(const at::Tensor& sorted, const at::Tensor& order) {
  return at::empty_like(sorted).index_copy_(0, order, sorted);
}

template <class Work>
void side_by_side(std::int64_t rows, std::int64_t hidden, const Work& work) {
  at::parallel_for(0, rows, std::max<std::int64_t>(1, kNumbersAThread / std::max<std::int64_t>(hidden, 1)), work);
}

/// Cells and states of each step, one below the other, from before the first.
struct Walked {
  at::Tensor gates, cells, states;
};

/// `gates` (rows, 4 hidden) are the products with the rows, and become what the activations make of them. `states` and
/// `cells` (batch, hidden), sorted, become the last of each example.
Walked walk(const PackedSteps& steps, at::Tensor gates, const at::Tensor& recurrent, at::Tensor& states,
            at::Tensor& cells) {
  const std::int64_t hidden = recurrent.size(1);
  const at::Tensor turned = recurrent.t();
  Walked walked{.gates = std::move(gates),
                .cells = at::empty({steps.all_rows(), hidden}, recurrent.options()),
                .states = at::empty({steps.all_rows(), hidden}, recurrent.options())};
  for (std::int64_t i = 0; i < steps.steps(); ++i) {
    const std::int64_t first = steps.first(i), count = steps.count(i);
    const std::int64_t more = steps.more_than_count(i);
    const at::Tensor before = i == 0 ? states.narrow(0, 0, more) : walked.states.narrow(0, steps.first(i - 1), more);
    const at::Tensor cells_before =
        i == 0 ? cells.narrow(0, 0, count) : walked.cells.narrow(0, steps.first(i - 1), count);
    at::Tensor of_step = walked.gates.narrow(0, first, count);
    const at::Tensor of_states = product(before, turned);
    const LstmStep step{.hidden = hidden,
                        .gates = of_step.mutable_data_ptr<float>(),
                        .of_states = of_states.const_data_ptr<float>(),
                        .before = cells_before.const_data_ptr<float>(),
                        .cells = walked.cells.mutable_data_ptr<float>() + first * hidden,
                        .states = walked.states.mutable_data_ptr<float>() + first * hidden};
    side_by_side(count, hidden, [&](std::int64_t begin, std::int64_t end) { lstm_cells().forward(step, begin, end); });
  }
  // From the last step back: the rows that a later one has not are the last of their examples.
  std::int64_t known = 0;
  for (std::int64_t i = steps.steps() - 1; i >= 0; --i) {
    const std::int64_t count = steps.count(i);
    if (count == known) continue;
    states.narrow(0, known, count - known).copy_(walked.states.narrow(0, steps.first(i) + known, count - known));
    cells.narrow(0, known, count - known).copy_(walked.cells.narrow(0, steps.first(i) + known, count - known));
    known = count;
  }
  return walked;
}

class FusedLstm : public torch::autograd::Function<FusedLstm> {
 public:
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext* context, const at::Tensor& rows,
                                                const at::Tensor& weight, const at::Tensor& recurrent,
                                                const std::optional<at::Tensor>& bias, const at::Tensor& states,
                                                const at::Tensor& cells, const std::optional<at::Tensor>& lengths) {
    const std::int64_t length = rows.size(0), batch = rows.size(1);
    const PackedSteps steps(length, batch, lengths.value_or(at::Tensor()));
    const at::Tensor places = steps.places(), all_places = steps.all_places(), order = steps.order(),
                     r = recurrent.contiguous();
    const at::Tensor x = packed(rows, all_places);
    at::Tensor gates = dense_product(x, weight, bias ? std::optional(bias->view({2, -1}).sum(0)) : std::nullopt);
    const at::Tensor first_states = at::index_select(states, 0, order), first_cells = at::index_select(cells, 0, order);
    at::Tensor last_states = first_states.clone(), last_cells = first_cells.clone();
    const Walked walked = walk(steps, std::move(gates), r, last_states, last_cells);
    context->save_for_backward({x, weight, r, walked.gates, walked.cells, walked.states, first_states, first_cells,
                                lengths.value_or(at::Tensor())});
    context->saved_data["length"] = length;
    context->saved_data["batch"] = batch;
    context->saved_data["bias"] = bias.has_value();
    return {unpacked(walked.states, places, length, batch), in_place(last_states, order), in_place(last_cells, order)};
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list changes) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &r = saved[2], &first_states = saved[6];
    const std::int64_t length = context->saved_data["length"].toInt(), batch = context->saved_data["batch"].toInt();
    const PackedSteps steps(length, batch, saved[8]);
    const at::Tensor places = steps.places(), order = steps.order();
    const at::Tensor of_outputs = changes[0].defined() ? packed(changes[0].to(at::kFloat), places) : at::Tensor();
    at::Tensor of_states = sorted(changes[1], order, first_states), of_cells = sorted(changes[2], order, first_states);
    const at::Tensor of_gates = walk_back({.gates = saved[3], .cells = saved[4], .states = saved[5]}, steps, r,
                                          saved[7], of_outputs, of_states, of_cells);
    const at::Tensor turned = of_gates.t();
    const at::Tensor of_weight = context->needs_input_grad(1) ? product(turned, x) : at::Tensor();
    const at::Tensor of_recurrent =
        context->needs_input_grad(2) ? product(turned, states_before(steps, saved[5], first_states)) : at::Tensor();
    at::Tensor of_bias;
    if (context->saved_data["bias"].toBool()) {
      const at::Tensor sum = of_gates.sum(0);
      of_bias = at::cat({sum, sum}, 0);
    }
    const at::Tensor of_rows =
        context->needs_input_grad(0) ? unpacked(product(of_gates, weight), places, length, batch) : at::Tensor();
    return {of_rows,     of_weight, of_recurrent, of_bias, in_place(of_states, order), in_place(of_cells, order),
            at::Tensor()};
  }

 private:
  static at::Tensor sorted(const at::Tensor& change, const at::Tensor& order, const at::Tensor& like) {
    return change.defined() ? at::index_select(change.to(at::kFloat), 0, order) : at::zeros_like(like);
  }

  /// The gradient before the activations, (rows, 4 hidden). `of_states` and `of_cells` (batch, hidden), sorted, become
  /// those of what was before the first step.
  static at::Tensor walk_back(const Walked& walked, const PackedSteps& steps, const at::Tensor& recurrent,
                              const at::Tensor& first_cells, const at::Tensor& of_outputs, at::Tensor& of_states,
                              at::Tensor& of_cells) {
    const std::int64_t hidden = recurrent.size(1);
    at::Tensor of_gates = with_zeros_at_the_end(at::empty_like(walked.gates), steps);
    for (std::int64_t i = steps.steps() - 1; i >= 0; --i) {
      const std::int64_t first = steps.first(i), count = steps.count(i);
      const float* const before = i == 0 ? first_cells.const_data_ptr<float>()
                                         : walked.cells.const_data_ptr<float>() + steps.first(i - 1) * hidden;
      const LstmChange change{
          .hidden = hidden,
          .gates = walked.gates.const_data_ptr<float>() + first * 4 * hidden,
          .before = before,
          .cells = walked.cells.const_data_ptr<float>() + first * hidden,
          .of_outputs = of_outputs.defined() ? of_outputs.const_data_ptr<float>() + first * hidden : nullptr,
          .of_states = of_states.const_data_ptr<float>(),
          .of_cells = of_cells.mutable_data_ptr<float>(),
          .of_gates = of_gates.mutable_data_ptr<float>() + first * 4 * hidden};
      side_by_side(count, hidden,
                   [&](std::int64_t begin, std::int64_t end) { lstm_cells().backward(change, begin, end); });
      const std::int64_t more = std::min(rounded_up(count, kRowsOfStep), steps.all_rows() - first);
      const at::Tensor changed = product(of_gates.narrow(0, first, more), recurrent);
      of_states.narrow(0, 0, count).copy_(changed.narrow(0, 0, count));
    }
    return of_gates;
  }

  /// What each row's step began with, (rows, hidden).
  static at::Tensor states_before(const PackedSteps& steps, const at::Tensor& states, const at::Tensor& first_states) {
    const std::int64_t hidden = states.size(1);
    at::Tensor before = with_zeros_at_the_end(at::empty_like(states), steps);
    for (std::int64_t i = 0; i < steps.steps(); ++i) {
      const float* const from =
          i == 0 ? first_states.const_data_ptr<float>() : states.const_data_ptr<float>() + steps.first(i - 1) * hidden;
      std::memcpy(before.mutable_data_ptr<float>() + steps.first(i) * hidden, from,
                  static_cast<std::size_t>(steps.count(i) * hidden) * sizeof(float));
    }
    return before;
  }
};

}  // namespace

LstmResult fused_lstm(const LstmRun& run) {
  const auto all = FusedLstm::apply(run.rows, run.weight, run.recurrent, run.bias, run.states, run.cells, run.lengths);
  return {.rows = all[0], .states = all[1], .cells = all[2]};
}

}  // namespace enxerto
