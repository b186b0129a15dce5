#include "enxerto/heads/softmax_loss.h"

#include <algorithm>
#include <cmath>

#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/row_range.h"

namespace enxerto {

/// What a worker sums, and where it works.
struct SoftmaxLoss::Part {
  double loss = 0;
  std::vector<double> gradient;      // (classes, features) on raw features
  std::vector<double> residual_sum;  // (classes)
  std::vector<float> scores;         // (rows of a block, classes)
};

double softmax_in_place(std::span<float> scores) {
  const float highest = *std::max_element(scores.begin(), scores.end());
  float sum = 0;
  for (float& score : scores) {
    score = std::exp(score - highest);
    sum += score;
  }
  for (float& score : scores) score /= sum;
  return static_cast<double>(highest) + std::log(static_cast<double>(sum));
}

SoftmaxLoss::SoftmaxLoss(const Data& data, int threads, const SkinnyProduct& product)
    : data_(data),
      product_(product),
      standardisation_(measure_standardisation(data.features, threads)),
      weight_(data.classes * data.features.width),
      offset_(data.classes),
      parts_(to_size(workers_for(data.features.size(), threads))) {
  for (Part& part : parts_) {
    part.gradient.resize(weight_.size());
    part.residual_sum.resize(data_.classes);
    part.scores.resize(rows_per_block(data_.features.width) * data_.classes);
  }
}

SoftmaxLoss::~SoftmaxLoss() = default;

void SoftmaxLoss::fold(std::span<const double> parameters, std::span<float> weight, std::span<double> offset) const {
  const std::size_t width = data_.features.width;
  for (std::size_t k = 0; k < data_.classes; ++k) {
    double shift = 0;
    for (std::size_t f = 0; f < width; ++f) {
      const std::size_t at = k * width + f;
      weight[at] = static_cast<float>(parameters[at] * standardisation_.inverse_deviation[f]);
      // The rounded weight, so that the scores are those of the classifier that is handed out.
      shift += static_cast<double>(weight[at]) * standardisation_.mean[f];
    }
    offset[k] = parameters[data_.classes * width + k] - shift;
  }
}

double SoftmaxLoss::loss_of_block(Part& part, std::size_t begin, std::size_t count) const {
  const std::size_t classes = data_.classes;
  double loss = 0;
  for (std::size_t r = 0; r < count; ++r) {
    const std::span<float> scores(part.scores.data() + r * classes, classes);
    for (std::size_t k = 0; k < classes; ++k)
      scores[k] = static_cast<float>(static_cast<double>(scores[k]) + offset_[k]);
    const auto label = to_size(data_.labels[begin + r]);
    const double true_score = static_cast<double>(scores[label]);
    const double example_loss = softmax_in_place(scores) - true_score;
    scores[label] -= 1.0F;
    const double scale = data_.class_weights.empty() ? 1.0 : data_.class_weights[label];
    loss += scale * example_loss;
    for (std::size_t k = 0; k < classes; ++k) {
      scores[k] *= static_cast<float>(scale);
      part.residual_sum[k] += static_cast<double>(scores[k]);
    }
  }
  return loss;
}

void SoftmaxLoss::run_part(Part& part, int worker, int workers) const {
  part.loss = 0;
  std::fill(part.gradient.begin(), part.gradient.end(), 0.0);
  std::fill(part.residual_sum.begin(), part.residual_sum.end(), 0.0);
  const RowRange range = range_of(data_.features.size(), workers, worker);
  const std::size_t step = rows_per_block(data_.features.width);
  for (std::size_t begin = range.begin; begin < range.end; begin += step) {
    const RowBlock block{data_.features.row.data() + begin, std::min(step, range.end - begin), data_.features.width};
    product_.scores(block, data_.classes, weight_.data(), part.scores.data());
    part.loss += loss_of_block(part, begin, block.count);
    product_.accumulate(block, data_.classes, part.scores.data(), part.gradient.data());
  }
}

double SoftmaxLoss::evaluate(std::span<const double> parameters, std::span<double> gradient) {
  fold(parameters, weight_, offset_);
  const int workers = static_cast<int>(parts_.size());
  run_workers(workers, [&](int worker) { run_part(parts_[to_size(worker)], worker, workers); });

  const std::size_t width = data_.features.width, weights = weight_.size();
  const double count = static_cast<double>(data_.features.size());
  double loss = 0, square = 0;
  for (const Part& part : parts_) loss += part.loss;
  for (std::size_t k = 0; k < data_.classes; ++k) {
    double residual = 0;
    for (const Part& part : parts_) residual += part.residual_sum[k];
    gradient[weights + k] = residual / count;
    for (std::size_t f = 0; f < width; ++f) {
      const std::size_t at = k * width + f;
      double sum = 0;
      for (const Part& part : parts_) sum += part.gradient[at];
      const double on_standardised =
          (sum - residual * standardisation_.mean[f]) * standardisation_.inverse_deviation[f];
      gradient[at] = (on_standardised + l2_ * parameters[at]) / count;
      square += parameters[at] * parameters[at];
    }
  }
  return (loss + 0.5 * l2_ * square) / count;
}

std::vector<double> SoftmaxLoss::starting_point() const {
  std::vector<double> start(size(), 0.0);
  const std::span<double> bias = std::span(start).subspan(weight_.size());
  std::fill(bias.begin(), bias.end(), 1.0);
  for (const std::int64_t label : data_.labels) {
    const auto k = to_size(label);
    bias[k] += data_.class_weights.empty() ? 1.0 : data_.class_weights[k];
  }
  double mean = 0;
  for (double& value : bias) mean += value = std::log(value);
  mean /= static_cast<double>(bias.size());
  for (double& value : bias) value -= mean;
  return start;
}

LinearClassifier SoftmaxLoss::classifier(std::span<const double> parameters) const {
  const auto classes = static_cast<std::int64_t>(data_.classes);
  TensorBuffer weight(DType::f32, {classes, static_cast<std::int64_t>(data_.features.width)});
  TensorBuffer bias(DType::f32, {classes});
  std::vector<double> offset(data_.classes);
  fold(parameters, weight.as<float>(), offset);
  std::transform(offset.begin(), offset.end(), bias.as<float>().begin(),
                 [](double value) { return static_cast<float>(value); });
  return {std::move(weight).freeze(), std::move(bias).freeze()};
}

}  // namespace enxerto
