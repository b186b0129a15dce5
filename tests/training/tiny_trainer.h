#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/rng.h"
#include "enxerto/engine/trainer.h"

namespace enxerto::testing {

struct TinyOptions {
  std::int64_t features = 2, classes = 2;
  double momentum = 0.9, noise = 0, ema_decay = 0;
  std::uint64_t seed = 0;
};

/// Softmax regression by gradient descent with momentum, in place of a training engine. Noise on the inputs, drawn from
/// (seed, step, micro_batch), stands for dropout, and a running mean of the first feature for batch normalisation.
/// Outputs are "loss" and "head.logits", inputs "features" and "target", class numbers.
class TinyTrainer final : public Trainer {
 public:
  explicit TinyTrainer(const TinyOptions& options = {}) : options_(options) {
    const auto size = static_cast<std::size_t>(options.classes * (options.features + 1));
    weights_.assign(size, 0);
    moments_.assign(size, 0);
    average_.assign(size, 0);
    mean_.assign(1, 0);
  }

  StepResult step(std::span<const TrainBatch> micro_batches, double learning_rate) override {
    rates.push_back(learning_rate);
    std::vector<double> gradient(weights_.size(), 0);
    std::int64_t examples = 0;
    double weight = 0;
    for (const TrainBatch& micro_batch : micro_batches) {
      examples += micro_batch.examples;
      weight += micro_batch.weight;
    }
    sizes.push_back(examples);
    double loss = 0, mean = 0;
    for (std::size_t p = 0; p < micro_batches.size(); ++p)
      loss += add_piece(micro_batches[p], p, micro_batches[p].weight / weight, gradient, mean);
    ++steps_;
    if (!std::isfinite(loss)) return {.loss = loss, .gradient_norm = 0, .applied = false};
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      moments_[i] = static_cast<float>(options_.momentum * moments_[i] + gradient[i]);
      weights_[i] -= static_cast<float>(learning_rate) * moments_[i];
      average_[i] = static_cast<float>(options_.ema_decay * average_[i] + (1 - options_.ema_decay) * weights_[i]);
    }
    mean_[0] = 0.9F * mean_[0] + 0.1F * static_cast<float>(mean);
    return {.loss = loss, .gradient_norm = norm_of(gradient), .applied = true};
  }

  TensorMap evaluate(const TensorMap& inputs, bool averaged) override {
    ++evaluations;
    const auto rows = inputs.at("features").shape()[0];
    std::vector<float> logits;
    double loss = 0;
    for (std::int64_t i = 0; i < rows; ++i) {
      const std::vector<double> row = logits_of(inputs.at("features"), i, 1, averaged ? average_ : weights_);
      loss -= log_softmax(row)[label(inputs.at("target"), i)] / static_cast<double>(rows);
      logits.insert(logits.end(), row.begin(), row.end());
    }
    return {{"loss", Tensor::scalar(static_cast<float>(loss))},
            {"head.logits", Tensor::of<float>({rows, options_.classes}, std::span<const float>(logits))}};
  }

  void absorb_statistics(const TensorMap& inputs) override {
    ++absorbed;
    mean_[0] += inputs.at("features").as<float>()[0];
  }

  StateDict parameters(bool averaged) const override {
    StateDict dict;
    dict.set("head.weight", tensor(averaged ? average_ : weights_));
    dict.set("norm.running_mean", tensor(mean_));
    return dict;
  }

  void set_parameters(const StateDict& parameters) override {
    read(parameters, "head.weight", weights_);
    read(parameters, "norm.running_mean", mean_);
  }

  StateDict state() const override {
    StateDict dict = parameters(false);
    dict.set("moment", tensor(moments_));
    dict.set("average", tensor(average_));
    dict.set("steps", Tensor::scalar(steps_));
    return dict;
  }

  void restore(const StateDict& state) override {
    set_parameters(state);
    read(state, "moment", moments_);
    read(state, "average", average_);
    steps_ = state.at("steps").as<std::int64_t>()[0];
  }

  std::string engine() const override { return "tiny"; }

  std::vector<double> rates;        // of all steps that were asked for
  std::vector<std::int64_t> sizes;  // examples of them
  std::size_t evaluations = 0, absorbed = 0;

 private:
  static Tensor tensor(const std::vector<float>& values) {
    return Tensor::of<float>({static_cast<std::int64_t>(values.size())}, std::span<const float>(values));
  }

  static void read(const StateDict& dict, std::string_view name, std::vector<float>& into) {
    const Tensor& found = dict.at(name);
    if (found.size() != into.size())
      throw Error(ErrorKind::weights,
                  {.where = std::string(name), .found = "another network", .expected = "this one", .tip = ""});
    std::ranges::copy(found.as<float>(), into.begin());
  }

  static double norm_of(const std::vector<double>& values) {
    return std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0));
  }

  static std::size_t label(const Tensor& targets, std::int64_t row) {
    return static_cast<std::size_t>(targets.as<std::int64_t>()[static_cast<std::size_t>(row)]);
  }

  static std::vector<double> log_softmax(const std::vector<double>& row) {
    const double top = *std::ranges::max_element(row);
    double sum = 0;
    for (const double value : row) sum += std::exp(value - top);
    std::vector<double> out;
    for (const double value : row) out.push_back(value - top - std::log(sum));
    return out;
  }

  std::vector<double> logits_of(const Tensor& inputs, std::int64_t row, double noise,
                                const std::vector<float>& weights) const {
    const auto features = static_cast<std::size_t>(options_.features);
    const auto x = inputs.as<float>().subspan(static_cast<std::size_t>(row) * features, features);
    std::vector<double> out;
    for (std::size_t c = 0; c < static_cast<std::size_t>(options_.classes); ++c) {
      double sum = weights[c * (features + 1) + features];
      for (std::size_t f = 0; f < features; ++f) sum += noise * x[f] * weights[c * (features + 1) + f];
      out.push_back(sum);
    }
    return out;
  }

  double add_piece(const TrainBatch& micro_batch, std::size_t number, double micro_batch_share,
                   std::vector<double>& gradient, double& mean) const {
    const auto features = static_cast<std::size_t>(options_.features);
    const auto x = micro_batch.inputs.at("features").as<float>();
    double loss = 0;
    Rng rng(
        {.seed = options_.seed, .epoch = static_cast<std::uint64_t>(steps_), .example = number, .purpose = "noise"});
    for (std::int64_t i = 0; i < micro_batch.examples; ++i) {
      const double noise = 1 + options_.noise * (rng.uniform() - 0.5),
                   share = micro_batch_share / static_cast<double>(micro_batch.examples);
      const std::vector<double> scores = log_softmax(logits_of(micro_batch.inputs.at("features"), i, noise, weights_));
      loss -= share * scores[label(micro_batch.inputs.at("target"), i)];
      mean += share * x[static_cast<std::size_t>(i) * features];
      for (std::size_t c = 0; c < scores.size(); ++c) {
        const double error = share * (std::exp(scores[c]) - (c == label(micro_batch.inputs.at("target"), i) ? 1 : 0));
        for (std::size_t f = 0; f < features; ++f)
          gradient[c * (features + 1) + f] += error * noise * x[static_cast<std::size_t>(i) * features + f];
        gradient[c * (features + 1) + features] += error;
      }
    }
    return loss;
  }

  TinyOptions options_;
  std::vector<float> weights_, moments_, average_, mean_;
  std::int64_t steps_ = 0;
};

}  // namespace enxerto::testing
