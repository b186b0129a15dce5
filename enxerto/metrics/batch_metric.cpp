#include "enxerto/metrics/batch_metric.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

std::size_t rows_of(const Tensor& tensor) {
  return tensor.shape().empty() ? 0 : static_cast<std::size_t>(tensor.shape().front());
}

std::int64_t largest(std::span<const float> row) { return std::distance(row.begin(), std::ranges::max_element(row)); }

class ClassAccuracy final : public BatchMetric {
 public:
  explicit ClassAccuracy(std::size_t logits) : logits_(logits) {}

  std::string name() const override { return "accuracy"; }

  void update(std::span<const Tensor> outputs, const Tensor& targets) override {
    const Tensor scores = outputs.size() > logits_ ? outputs[logits_].to_float32() : Tensor();
    const std::size_t rows = rows_of(scores);
    if (rows == 0 || scores.shape().size() != 2 || rows_of(targets) != rows) throw_sizes(scores, targets);
    const auto values = scores.as<float>();
    const std::size_t width = values.size() / rows;
    const Tensor wanted = targets.dtype() == DType::i64 ? targets : targets.to_float32();
    for (std::size_t i = 0; i < rows; ++i) {
      const std::int64_t said = width == 1 ? (values[i] > 0 ? 1 : 0) : largest(values.subspan(i * width, width));
      right_ += said == true_class(wanted, i, rows) ? 1 : 0;
    }
    seen_ += rows;
  }

  double value() const override {
    if (seen_ == 0) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(right_) / static_cast<double>(seen_);
  }

  void reset() override { right_ = seen_ = 0; }

 private:
  static std::int64_t true_class(const Tensor& targets, std::size_t row, std::size_t rows) {
    if (targets.dtype() == DType::i64) return targets.as<std::int64_t>()[row];
    const auto values = targets.as<float>();
    const std::size_t width = values.size() / rows;
    return width == 1 ? (values[row] > 0.5F ? 1 : 0) : largest(values.subspan(row * width, width));
  }

  [[noreturn]] void throw_sizes(const Tensor& scores, const Tensor& targets) const {
    throw Error(ErrorKind::data, {.where = fmt::format("output {} of the trained network", logits_),
                                  .found = fmt::format("shape {} beside targets of {}", to_string(scores.shape()),
                                                       to_string(targets.shape())),
                                  .expected = "logits (n, classes) and n targets",
                                  .tip = ""});
  }

  std::size_t logits_;
  std::size_t right_ = 0, seen_ = 0;
};

}  // namespace

std::unique_ptr<BatchMetric> class_accuracy(std::size_t logits) { return std::make_unique<ClassAccuracy>(logits); }

}  // namespace enxerto
