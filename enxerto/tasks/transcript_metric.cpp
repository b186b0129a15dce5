#include "enxerto/tasks/transcript_metric.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/transcript_target.h"
#include "enxerto/metrics/interval.h"
#include "enxerto/tasks/batch_row.h"
#include "enxerto/tasks/ctc_texts.h"

namespace enxerto {

void TranscriptMetric::update(const TensorMap& outputs, const TensorMap& targets) {
  const Tensor &probabilities = outputs.at(kProbabilities), &points = targets.at(kTarget);
  const Shape& shape = probabilities.shape();
  if (shape.size() != 3 || shape[2] != static_cast<std::int64_t>(alphabet_.width()) || points.shape().size() != 2 ||
      points.shape()[0] != shape[0] || points.dtype() != DType::i64)
    throw data_error("word error rate", fmt::format("{} and {}", to_string(shape), to_string(points.shape())),
                     fmt::format("(n, frames, {}) and (n, characters)", alphabet_.width()));
  for (std::size_t row = 0; row < to_size(shape[0]); ++row) {
    const Tensor one = batch_row(probabilities, row);
    const auto values = one.as<float>();
    for (std::size_t at = 0; at < values.size(); at += alphabet_.width()) {
      const auto frame = values.subspan(at, alphabet_.width());
      ++frames_;
      blanks_ += std::ranges::max_element(frame) == frame.begin() ? 1 : 0;
    }
    scores_.add(ctc_texts(values, alphabet_, reading_).front().text, transcript_text(batch_row(points, row)));
  }
}

void TranscriptMetric::report(MetricsReport& report) const {
  scores_.report(report);
  report.values.push_back({.name = "blank",
                           .value = frames_ == 0 ? kNan : static_cast<double>(blanks_) / static_cast<double>(frames_),
                           .higher_is_better = false,
                           .title = "frames without a character",
                           .shown = false});
}

void TranscriptMetric::reset() {
  scores_ = TranscriptScores(first_);
  frames_ = blanks_ = 0;
}

std::string TranscriptMetric::remark() const {
  if (frames_ == 0 || blanks_ < frames_) return "";
  return fmt::format(
      "nothing is written for any of {}, every frame is blank: that is how CTC begins, and it ends after some epochs "
      "of enough examples; where it does not, give more epochs, a higher learning rate, or a pretrained network",
      counted(scores_.size(), "example"));
}

}  // namespace enxerto
