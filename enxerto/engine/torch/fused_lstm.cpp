#include "enxerto/engine/torch/fused_lstm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
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

/// Examples that one thread goes along: which are there at each step, the longest first, and where their rows lie among
/// those of the batch, step after step.
struct Group {
  std::int64_t example = 0, size = 0;  // the first of its examples, and how many
  std::int64_t end = 0;                // behind its last row
  std::vector<std::int64_t> firsts = {}, counts = {};

  std::int64_t steps() const { return static_cast<std::int64_t>(counts.size()); }
  std::int64_t first(std::int64_t step) const { return firsts[static_cast<std::size_t>(step)]; }
  std::int64_t count(std::int64_t step) const { return counts[static_cast<std::size_t>(step)]; }

  /// A few more, which the step before has, and whose products are of no use.
  std::int64_t more_than_count(std::int64_t step) const {
    return std::min(rounded_up(count(step), kRowsOfStep), step == 0 ? size : count(step - 1));
  }
};

/// The rows of a batch without those behind the ends of its examples.
class PackedBatch {
 public:
  /// `groups`: as many as there were on the way forward.
  PackedBatch(std::int64_t length, std::int64_t batch, const at::Tensor& lengths, std::int64_t groups) {
    std::vector<std::int64_t> longs(static_cast<std::size_t>(batch), length), sorted(longs.size());
    std::iota(sorted.begin(), sorted.end(), 0);
    if (lengths.defined()) {
      const at::Tensor on_processor = lengths.to(at::kCPU, at::kLong).contiguous();
      std::copy_n(on_processor.const_data_ptr<std::int64_t>(), longs.size(), longs.begin());
      std::ranges::stable_sort(sorted, std::greater(),
                               [&](std::int64_t i) { return longs[static_cast<std::size_t>(i)]; });
    }
    const auto wanted = static_cast<std::size_t>(groups);
    for (std::size_t i = 0; i < wanted; ++i) {
      std::vector<std::int64_t> examples;  // dealt out, so that no thread has all the long ones
      for (std::size_t k = i; k < sorted.size(); k += wanted) examples.push_back(sorted[k]);
      add(length, batch, examples, longs);
    }
    filled_ = places_;
    if (!filled_.empty()) filled_.resize(static_cast<std::size_t>(rounded_up(rows(), kRowsOfAll)), 0);
  }

  const std::vector<Group>& groups() const { return groups_; }
  std::int64_t rows() const { return static_cast<std::int64_t>(places_.size()); }

  /// With some at the end that count for nothing.
  std::int64_t all_rows() const { return static_cast<std::int64_t>(filled_.size()); }

  /// Numbers of the rows among (length * batch), the same of `all_rows`, and of the examples.
  at::Tensor places() const { return at::tensor(places_, at::kLong); }
  at::Tensor all_places() const { return at::tensor(filled_, at::kLong); }
  at::Tensor order() const { return at::tensor(order_, at::kLong); }

 private:
  void add(std::int64_t length, std::int64_t batch, const std::vector<std::int64_t>& examples,
           const std::vector<std::int64_t>& longs) {
    Group group{.example = static_cast<std::int64_t>(order_.size()),
                .size = static_cast<std::int64_t>(examples.size())};
    order_.insert(order_.end(), examples.begin(), examples.end());
    std::size_t there = examples.size();
    for (std::int64_t step = 0; step < length; ++step) {
      while (there > 0 && longs[static_cast<std::size_t>(examples[there - 1])] <= step) --there;
      if (there == 0) break;
      group.firsts.push_back(rows());
      group.counts.push_back(static_cast<std::int64_t>(there));
      for (std::size_t i = 0; i < there; ++i) places_.push_back(step * batch + examples[i]);
    }
    group.end = rows();
    groups_.push_back(std::move(group));
  }

  std::vector<Group> groups_;
  std::vector<std::int64_t> order_, places_, filled_;
};

std::int64_t groups_worth(std::int64_t batch, std::int64_t hidden) {
  return std::clamp<std::int64_t>(batch * hidden / kNumbersAThread, 1, at::get_num_threads());
}

/// Each group of its own, one a thread from the first step to the last: waiting for each other at each step would take
/// longer than many a step.
template <class Work>
void for_each_group(const PackedBatch& batch, const Work& work) {
  const bool inferring = c10::InferenceMode::is_enabled();  // threads have states of their own
  at::parallel_for(0, static_cast<std::int64_t>(batch.groups().size()), 1, [&](std::int64_t begin, std::int64_t end) {
    const c10::InferenceMode as_asked(inferring);
    const at::NoGradGuard no_gradients;
    for (std::int64_t i = begin; i < end; ++i) work(batch.groups()[static_cast<std::size_t>(i)]);
  });
}

/// One matrix by which many are multiplied, in float32 or bfloat16; what comes in and out is float32.
class Factor {
 public:
  Factor(const at::Tensor& matrix, bool narrow)
      : matrix_(narrow ? matrix.to(at::kBFloat16) : matrix), narrow_(narrow) {}

  at::Tensor behind(const at::Tensor& rows) const {
    return narrow_ ? at::mm(rows.to(at::kBFloat16), matrix_).to(at::kFloat) : matrix_product(rows, matrix_);
  }

 private:
  at::Tensor matrix_;
  bool narrow_;
};

/// The rows of a batch (length, batch, n) that are there.
at::Tensor packed(const at::Tensor& rows, const at::Tensor& places) {
  return at::index_select(rows.reshape({-1, rows.size(2)}), 0, places);
}

/// 0 in those that count for nothing.
at::Tensor with_zeros_at_the_end(at::Tensor rows, const PackedBatch& batch) {
  rows.narrow(0, batch.rows(), batch.all_rows() - batch.rows()).zero_();
  return rows;
}

/// Back to (length, batch, n), 0 where there are none.
at::Tensor unpacked(const at::Tensor& rows, const at::Tensor& places, std::int64_t length, std::int64_t batch) {
  const at::Tensor all = at::zeros({length * batch, rows.size(1)}, rows.options());
  all.index_copy_(0, places, rows.narrow(0, 0, places.size(0)));
  return at::_unsafe_view(all, {length, batch, rows.size(1)});  // a view may not be overwritten by what follows
}

/// (batch, n) in the order of the examples, back from that of their lengths.
at::Tensor in_place(const at::Tensor& sorted, const at::Tensor& order) {
  return at::empty_like(sorted).index_copy_(0, order, sorted);
}

/// Cells and states of each step, one below the other, from before the first.
struct Walked {
  at::Tensor gates, cells, states;
};

/// Of one group. The gates are what the rows say, and become what the activations make of them; `states` and `cells`
/// (batch, hidden), in the order of the examples, become the last of each.
void walk(const Group& group, const Factor& turned, Walked& walked, at::Tensor& states, at::Tensor& cells) {
  const std::int64_t hidden = states.size(1);
  for (std::int64_t i = 0; i < group.steps(); ++i) {
    const std::int64_t first = group.first(i), more = group.more_than_count(i);
    const std::int64_t before = i == 0 ? group.example : group.first(i - 1);
    const at::Tensor of_states = turned.behind((i == 0 ? states : walked.states).narrow(0, before, more));
    const at::Tensor& cells_before = i == 0 ? cells : walked.cells;
    const LstmStep step{.hidden = hidden,
                        .gates = walked.gates.mutable_data_ptr<float>() + first * 4 * hidden,
                        .of_states = of_states.const_data_ptr<float>(),
                        .before = cells_before.const_data_ptr<float>() + before * hidden,
                        .cells = walked.cells.mutable_data_ptr<float>() + first * hidden,
                        .states = walked.states.mutable_data_ptr<float>() + first * hidden};
    lstm_cells().forward(step, group.count(i));
  }
  // From the last step back: the rows that a later one has not are the last of their examples.
  std::int64_t known = 0;
  for (std::int64_t i = group.steps() - 1; i >= 0; --i) {
    const std::int64_t count = group.count(i) - known;
    if (count == 0) continue;
    const std::int64_t from = group.first(i) + known, to = group.example + known;
    states.narrow(0, to, count).copy_(walked.states.narrow(0, from, count));
    cells.narrow(0, to, count).copy_(walked.cells.narrow(0, from, count));
    known += count;
  }
}

class FusedLstm : public torch::autograd::Function<FusedLstm> {
 public:
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext* context, const at::Tensor& rows,
                                                const at::Tensor& weight, const at::Tensor& recurrent,
                                                const std::optional<at::Tensor>& bias, const at::Tensor& states,
                                                const at::Tensor& cells, const std::optional<at::Tensor>& lengths,
                                                bool narrow) {
    const std::int64_t length = rows.size(0), batch = rows.size(1);
    const PackedBatch there(length, batch, lengths.value_or(at::Tensor()), groups_worth(batch, recurrent.size(1)));
    const at::Tensor places = there.places(), all_places = there.all_places(), order = there.order(),
                     r = recurrent.contiguous();
    const at::Tensor x = packed(rows, all_places);
    at::Tensor gates = Factor(weight.t(), narrow).behind(x);
    if (bias) gates.add_(bias->view({2, -1}).sum(0));
    const at::Tensor first_states = at::index_select(states, 0, order), first_cells = at::index_select(cells, 0, order);
    at::Tensor last_states = first_states.clone(), last_cells = first_cells.clone();
    Walked walked{.gates = std::move(gates),
                  .cells = at::empty({there.all_rows(), r.size(1)}, r.options()),
                  .states = at::empty({there.all_rows(), r.size(1)}, r.options())};
    const Factor turned(r.t(), narrow);
    for_each_group(there, [&](const Group& group) { walk(group, turned, walked, last_states, last_cells); });
    context->save_for_backward({x, weight, r, walked.gates, walked.cells, walked.states, first_states, first_cells,
                                lengths.value_or(at::Tensor())});
    context->saved_data["length"] = length;
    context->saved_data["batch"] = batch;
    context->saved_data["bias"] = bias.has_value();
    context->saved_data["narrow"] = narrow;
    context->saved_data["groups"] = static_cast<std::int64_t>(there.groups().size());
    return {unpacked(walked.states, places, length, batch), in_place(last_states, order), in_place(last_cells, order)};
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list changes) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &r = saved[2], &first_states = saved[6];
    const std::int64_t length = context->saved_data["length"].toInt(), batch = context->saved_data["batch"].toInt();
    const PackedBatch there(length, batch, saved[8], context->saved_data["groups"].toInt());
    const at::Tensor places = there.places(), order = there.order();
    const at::Tensor of_outputs = changes[0].defined() ? packed(changes[0].to(at::kFloat), places) : at::Tensor();
    at::Tensor of_states = sorted(changes[1], order, first_states), of_cells = sorted(changes[2], order, first_states);
    const bool narrow = context->saved_data["narrow"].toBool();
    const Walked walked{.gates = saved[3], .cells = saved[4], .states = saved[5]};
    const Factor recurrent(r, narrow);
    at::Tensor of_gates = with_zeros_at_the_end(at::empty_like(walked.gates), there);
    Changes all{.of_outputs = of_outputs, .of_states = of_states, .of_cells = of_cells, .of_gates = of_gates};
    for_each_group(there, [&](const Group& group) { walk_back(group, walked, recurrent, saved[7], all); });
    const at::Tensor turned = of_gates.t();
    const at::Tensor of_weight = context->needs_input_grad(1) ? Factor(x, narrow).behind(turned) : at::Tensor();
    const at::Tensor of_recurrent = context->needs_input_grad(2)
                                        ? Factor(states_before(there, saved[5], first_states), narrow).behind(turned)
                                        : at::Tensor();
    at::Tensor of_bias;
    if (context->saved_data["bias"].toBool()) {
      const at::Tensor sum = of_gates.sum(0);
      of_bias = at::cat({sum, sum}, 0);
    }
    const at::Tensor of_rows = context->needs_input_grad(0)
                                   ? unpacked(Factor(weight, narrow).behind(of_gates), places, length, batch)
                                   : at::Tensor();
    return {of_rows,      of_weight,   of_recurrent, of_bias, in_place(of_states, order), in_place(of_cells, order),
            at::Tensor(), at::Tensor()};
  }

 private:
  static at::Tensor sorted(const at::Tensor& change, const at::Tensor& order, const at::Tensor& like) {
    return change.defined() ? at::index_select(change.to(at::kFloat), 0, order) : at::zeros_like(like);
  }

  struct Changes {
    const at::Tensor& of_outputs;      // (rows, hidden); undefined: 0
    at::Tensor &of_states, &of_cells;  // (batch, hidden), in the order of the examples
    at::Tensor& of_gates;              // (rows, 4 hidden), before the activations
  };

  /// Of one group. Gradients of the last states and cells become those of what was before the first step.
  static void walk_back(const Group& group, const Walked& walked, const Factor& recurrent,
                        const at::Tensor& first_cells, Changes& changes) {
    const std::int64_t hidden = first_cells.size(1);
    for (std::int64_t i = group.steps() - 1; i >= 0; --i) {
      const std::int64_t first = group.first(i), count = group.count(i);
      const float* const before = i == 0 ? first_cells.const_data_ptr<float>() + group.example * hidden
                                         : walked.cells.const_data_ptr<float>() + group.first(i - 1) * hidden;
      const LstmChange change{.hidden = hidden,
                              .gates = walked.gates.const_data_ptr<float>() + first * 4 * hidden,
                              .before = before,
                              .cells = walked.cells.const_data_ptr<float>() + first * hidden,
                              .of_outputs = changes.of_outputs.defined()
                                                ? changes.of_outputs.const_data_ptr<float>() + first * hidden
                                                : nullptr,
                              .of_states = changes.of_states.const_data_ptr<float>() + group.example * hidden,
                              .of_cells = changes.of_cells.mutable_data_ptr<float>() + group.example * hidden,
                              .of_gates = changes.of_gates.mutable_data_ptr<float>() + first * 4 * hidden};
      lstm_cells().backward(change, count);
      const std::int64_t more = std::min(rounded_up(count, kRowsOfStep), group.end - first);
      const at::Tensor changed = recurrent.behind(changes.of_gates.narrow(0, first, more));
      changes.of_states.narrow(0, group.example, count).copy_(changed.narrow(0, 0, count));
    }
  }

  /// What each row's step began with, (rows, hidden).
  static at::Tensor states_before(const PackedBatch& batch, const at::Tensor& states, const at::Tensor& first_states) {
    const std::int64_t hidden = states.size(1);
    at::Tensor before = with_zeros_at_the_end(at::empty_like(states), batch);
    for (const Group& group : batch.groups()) {
      for (std::int64_t i = 0; i < group.steps(); ++i) {
        const float* const from = i == 0 ? first_states.const_data_ptr<float>() + group.example * hidden
                                         : states.const_data_ptr<float>() + group.first(i - 1) * hidden;
        std::memcpy(before.mutable_data_ptr<float>() + group.first(i) * hidden, from,
                    static_cast<std::size_t>(group.count(i) * hidden) * sizeof(float));
      }
    }
    return before;
  }
};

}  // namespace

LstmResult fused_lstm(const LstmRun& run) {
  const auto all =
      FusedLstm::apply(run.rows, run.weight, run.recurrent, run.bias, run.states, run.cells, run.lengths, run.narrow);
  return {.rows = all[0], .states = all[1], .cells = all[2]};
}

}  // namespace enxerto
