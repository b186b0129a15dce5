#include "enxerto/metrics/perplexity.h"

#include <cmath>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/metrics/interval.h"

namespace enxerto {
namespace {

void require_columns(const Tensor& tensor, std::int64_t columns, std::int64_t rows, const char* name) {
  if (tensor.dtype() == DType::f32 && tensor.shape() == Shape{rows, columns}) return;
  throw data_error("perplexity", fmt::format("{} of {}", name, to_string(tensor.shape())),
                   fmt::format("float32 ({}, {})", rows, columns));
}

MetricValue lower_is_better(std::string name, double value, std::string title) {
  return {
      .name = std::move(name), .value = value, .higher_is_better = false, .share = false, .title = std::move(title)};
}

double share_of(double sum, double count) { return count > 0 ? sum / count : kNan; }

}  // namespace

void Perplexity::update(const TensorMap& outputs, const TensorMap& targets) {
  const Tensor &answers = outputs.at(kProbabilities), &facts = targets.at(kTarget);
  const std::int64_t rows = answers.shape().empty() ? 0 : answers.shape().front();
  require_columns(answers, 2, rows, "answers");
  require_columns(facts, 3, rows, "targets");
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows); ++i) {
    surprise_ += static_cast<double>(answers.as<float>()[i * 2]);
    tokens_ += static_cast<double>(answers.as<float>()[i * 2 + 1]);
    bytes_ += static_cast<double>(facts.as<float>()[i * 3]);
    of_unigrams_ += static_cast<double>(facts.as<float>()[i * 3 + 1]);
    counted_ += static_cast<double>(facts.as<float>()[i * 3 + 2]);
  }
}

void Perplexity::report(MetricsReport& report) const {
  const double of_token = share_of(surprise_, tokens_);
  MetricValue perplexity = lower_is_better("perplexity", std::exp(of_token), "perplexity");
  if (counted_ > 0)
    perplexity.baseline = {.value = std::exp(of_unigrams_ / counted_), .name = "predicting by token frequency alone"};
  report.values.push_back(std::move(perplexity));
  const double bits = surprise_ / std::numbers::ln2;
  report.values.push_back(lower_is_better("bits_per_byte", share_of(bits, bytes_), "bits per byte"));
  report.values.push_back(lower_is_better("bits_per_token", share_of(bits, tokens_), "bits per token"));
}

}  // namespace enxerto
