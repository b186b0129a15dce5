#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <array>
#include <utility>

#include "enxerto/engine/torch/fused_words.h"
#include "enxerto/engine/torch/operator.h"
#include "enxerto/engine/torch/products.h"

namespace enxerto {
namespace {

using Variables = torch::autograd::variable_list;

constexpr std::int64_t kFewestRows = 16;  // below, the product of a matrix is that of vectors

/// The tokens that count, one after another: their states, words, what they count, and of which example they are.
struct CountedTokens {
  at::Tensor places;  // among all tokens of the batch
  at::Tensor states, words, weights, examples;

  std::int64_t size() const { return places.size(0); }
};

CountedTokens counted_tokens(const at::Tensor& states, const at::Tensor& words, const at::Tensor& counted) {
  const at::Tensor weights = counted.reshape({-1});
  CountedTokens tokens;
  tokens.places = at::nonzero(weights).reshape({-1});
  tokens.states = at::index_select(states.reshape({-1, states.size(-1)}), 0, tokens.places);
  tokens.words = at::index_select(words.reshape({-1}), 0, tokens.places);
  tokens.weights = at::index_select(weights, 0, tokens.places).to(states.scalar_type());
  tokens.examples = at::div(tokens.places, std::max<std::int64_t>(states.size(1), 1), "floor");
  return tokens;
}

/// Scores of `count` tokens from `first` on, in float32 (or float64), and what is made of them in place.
class Scores {
 public:
  /// `type`: what products are computed in.
  Scores(const at::Tensor& table, at::Tensor bias, at::ScalarType type)
      : table_(table.to(type)), bias_(std::move(bias)), type_(type) {}

  at::Tensor of(const CountedTokens& tokens, std::int64_t first, std::int64_t count) {
    const at::Tensor states = tokens.states.narrow(0, first, count);
    if (type_ != states.scalar_type()) return at::mm(states.to(type_), table_.t()).to(at::kFloat).add_(bias_);
    return dense_product(states, table_, bias_);
  }

  /// `a` times the table.
  at::Tensor times_table(const at::Tensor& a) const { return matrix_product(a.to(type_), table_).to(a.scalar_type()); }

  at::ScalarType type() const { return type_; }
  std::int64_t words() const { return table_.size(0); }

 private:
  at::Tensor table_, bias_;
  at::ScalarType type_;
};

std::int64_t rows_at_once(std::int64_t words, std::int64_t all) {
  return std::clamp(kMostScores / std::max<std::int64_t>(words, 1), std::min(kFewestRows, all),
                    std::max(all, kFewestRows));
}

/// One at each token's word, added to rows of the vocabulary: -`factor` of the softmax is there already.
void add_at_words(at::Tensor& rows, const at::Tensor& words, const at::Tensor& factor) {
  rows.scatter_add_(1, words.unsqueeze(1), factor);
}

struct Wanted {
  bool states = false, table = false, bias = false;
};

/// What the way forward leaves for the one back.
struct Left {
  at::Tensor sums = {};               // (batch, 1)
  at::Tensor normaliser = {};         // (tokens): the logarithm of the sum of exponentials
  at::Tensor probabilities = {};      // (tokens, words), where all scores are in memory at once and the table learns
  at::Tensor states = {}, bias = {};  // gradients for one of 1 of each example, where the table does not learn
};

/// One piece of the tokens, whose scores are `scores`, which are used up.
struct Piece {
  at::Tensor& scores;
  std::int64_t first, count;
};

void add_gradients(const Piece& piece, const CountedTokens& tokens, const Scores& from, const Wanted& wanted,
                   Left& left) {
  const auto of_piece = [&](const at::Tensor& all) { return all.narrow(0, piece.first, piece.count); };
  const at::Tensor weights = of_piece(tokens.weights).unsqueeze(1), words = of_piece(tokens.words);
  piece.scores.mul_(weights.neg());
  add_at_words(piece.scores, words, weights);
  if (wanted.states) of_piece(left.states).copy_(from.times_table(piece.scores));
  if (wanted.bias) left.bias.index_add_(0, of_piece(tokens.examples), piece.scores);
}

class SumOfWordLogarithms : public torch::autograd::Function<SumOfWordLogarithms> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& states,
                            const at::Tensor& table, const at::Tensor& bias, const at::Tensor& words,
                            const at::Tensor& counted, at::ScalarType type, std::int64_t wanted_bits) {
    const Wanted wanted{
        .states = (wanted_bits & 1) != 0, .table = (wanted_bits & 2) != 0, .bias = (wanted_bits & 4) != 0};
    const CountedTokens tokens = counted_tokens(states, words, counted);
    const Left left = forward_in_pieces(tokens, {table, bias, type}, wanted, states.size(0));
    context->save_for_backward({tokens.places, tokens.states, tokens.words, tokens.weights, tokens.examples, table,
                                bias, left.normaliser, left.probabilities, left.states, left.bias});
    context->saved_data["type"] = static_cast<std::int64_t>(type);
    context->saved_data["wanted"] = wanted_bits;
    context->saved_data["shape"] = states.sizes().vec();
    return left.sums;
  }

  static Variables backward(torch::autograd::AutogradContext* context, Variables gradients) {
    const Variables saved = context->get_saved_variables();
    const CountedTokens tokens{
        .places = saved[0], .states = saved[1], .words = saved[2], .weights = saved[3], .examples = saved[4]};
    const at::Tensor &table = saved[5], &bias = saved[6];
    const std::int64_t bits = context->saved_data["wanted"].toInt();
    const Wanted wanted{.states = (bits & 1) != 0, .table = (bits & 2) != 0, .bias = (bits & 4) != 0};
    const auto type = static_cast<at::ScalarType>(context->saved_data["type"].toInt());
    const at::Tensor of_example = gradients[0].reshape({-1});
    const at::Tensor factors = at::index_select(of_example, 0, tokens.examples).unsqueeze(1);
    at::Tensor by_states, by_table, by_bias;
    if (wanted.table) {
      const Left left{.normaliser = saved[7], .probabilities = saved[8]};
      std::tie(by_states, by_table, by_bias) =
          backward_in_pieces(tokens, {table, bias, type}, wanted, left, factors * tokens.weights.unsqueeze(1), table);
    } else {
      if (wanted.states) by_states = saved[9] * factors;
      if (wanted.bias) by_bias = at::mv(saved[10].t(), of_example);
    }
    return {
        wanted.states ? at_their_places(by_states, tokens, context->saved_data["shape"].toIntVector()) : at::Tensor(),
        by_table,
        by_bias,
        at::Tensor(),
        at::Tensor(),
        at::Tensor(),
        at::Tensor()};
  }

 private:
  static Left forward_in_pieces(const CountedTokens& tokens, Scores scores, const Wanted& wanted, std::int64_t batch) {
    const at::TensorOptions numbers = tokens.states.options();
    const std::int64_t words = scores.words();
    Left left;
    left.sums = at::zeros({batch}, numbers);
    left.normaliser = at::empty({tokens.size()}, numbers);
    const bool at_once = wanted.table && tokens.size() * words <= kMostScores;
    if (wanted.states && !wanted.table) left.states = at::empty_like(tokens.states);
    if (wanted.bias && !wanted.table) left.bias = at::zeros({batch, words}, numbers);
    const std::int64_t rows = rows_at_once(words, tokens.size());
    for (std::int64_t first = 0; first < tokens.size(); first += rows) {
      const std::int64_t count = std::min(rows, tokens.size() - first);
      at::Tensor some = scores.of(tokens, first, count);
      const at::Tensor most = some.amax(1, true);
      const at::Tensor chosen = some.gather(1, tokens.words.narrow(0, first, count).unsqueeze(1)).sub_(most);
      some.sub_(most).exp_();
      const at::Tensor sum = some.sum(1, true);
      const at::Tensor logarithms = (chosen - sum.log()).squeeze(1).mul_(tokens.weights.narrow(0, first, count));
      left.sums.index_add_(0, tokens.examples.narrow(0, first, count), logarithms);
      left.normaliser.narrow(0, first, count).copy_((most + sum.log()).squeeze(1));
      if (at_once) left.probabilities = some.div_(sum);
      if (wanted.table || !(wanted.states || wanted.bias)) continue;
      some.div_(sum);
      add_gradients({.scores = some, .first = first, .count = count}, tokens, scores, wanted, left);
    }
    left.sums = left.sums.unsqueeze(1);
    return left;
  }

  /// `factors`: what each token counts times the gradient of its example.
  static std::tuple<at::Tensor, at::Tensor, at::Tensor> backward_in_pieces(const CountedTokens& tokens, Scores scores,
                                                                           const Wanted& wanted, const Left& left,
                                                                           const at::Tensor& factors,
                                                                           const at::Tensor& table) {
    at::Tensor by_states = wanted.states ? at::empty_like(tokens.states) : at::Tensor();
    at::Tensor by_table = at::zeros_like(table);
    at::Tensor by_bias = wanted.bias ? at::zeros({table.size(0)}, table.options()) : at::Tensor();
    const std::int64_t rows = left.probabilities.defined() ? tokens.size() : rows_at_once(table.size(0), tokens.size());
    for (std::int64_t first = 0; first < tokens.size(); first += rows) {
      const std::int64_t count = std::min(rows, tokens.size() - first);
      at::Tensor some =
          left.probabilities.defined()
              ? left.probabilities.clone()
              : scores.of(tokens, first, count).sub_(left.normaliser.narrow(0, first, count).unsqueeze(1)).exp_();
      const at::Tensor factor = factors.narrow(0, first, count);
      some.mul_(factor.neg());
      add_at_words(some, tokens.words.narrow(0, first, count), factor);
      if (wanted.states) by_states.narrow(0, first, count).copy_(scores.times_table(some));
      if (wanted.bias) by_bias.add_(some.sum(0));
      const at::Tensor states = tokens.states.narrow(0, first, count);
      if (scores.type() == states.scalar_type())
        by_table.addmm_(some.t(), states);
      else
        by_table.add_(at::mm(some.to(scores.type()).t(), states.to(scores.type())));
    }
    return {by_states, by_table, by_bias};
  }

  static at::Tensor at_their_places(const at::Tensor& rows, const CountedTokens& tokens, const Ints& shape) {
    at::Tensor all = at::zeros(shape, rows.options());
    all.view({-1, shape.back()}).index_copy_(0, tokens.places, rows);
    return all;
  }
};

at::ScalarType product_type(const at::Tensor& states) {
  const at::DeviceType device = states.device().type();
  return at::autocast::is_autocast_enabled(device) ? at::autocast::get_autocast_dtype(device) : states.scalar_type();
}

Operation sum_of_word_logarithms(const Site& /*site*/) {
  return [](Call& call) {
    const at::Tensor states = widened(call.in[0]), &table = call.in[1], &bias = call.in[2], &counted = call.in[4];
    const at::Tensor given = call.in[3].to(at::kLong),
                     words = at::where(at::lt(given, 0), given + table.size(0), given);
    const at::ScalarType type = product_type(states);
    const bool learns = at::GradMode::is_enabled() && !c10::InferenceMode::is_enabled();
    const auto wants = [&](const at::Tensor& x, std::int64_t bit) { return learns && x.requires_grad() ? bit : 0; };
    const std::int64_t wanted = wants(states, 1) | wants(table, 2) | wants(bias, 4);
    const c10::impl::ExcludeDispatchKeyGuard as_asked(c10::autocast_dispatch_keyset);
    call.out[0] = SumOfWordLogarithms::apply(states, table, bias, words, counted, type, wanted);
  };
}

constexpr std::array kWordOperators{OperatorRow{kSumOfWordLogarithms, sum_of_word_logarithms}};

}  // namespace

std::span<const OperatorRow> word_operators() { return kWordOperators; }

}  // namespace enxerto
